"""Answers of an `.onnx` file as a column of a Spark table: a pandas UDF, a model a task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import Column, SparkSession
from pyspark.sql.functions import pandas_udf

PLACE = "start: int, end: int, char_start: int, char_end: int, text: string"
ANSWER = (
    "struct<intent: string, score: double, truncated: boolean, "
    f"spans: array<struct<label: string, {PLACE}>>>"
)
NAMES = ("intent", "score", "truncated", "spans")


def answers_of(spark: SparkSession, file: str) -> Callable[[str], Column]:
    """Give what makes of a column of texts one of answers; a null stays null.

    file: the model, which Spark brings to each machine.
    """
    spark.sparkContext.addFile(file)
    name = Path(file).name

    def answers(batches: Iterator[pd.Series]) -> Iterator[pd.DataFrame]:
        import edgetext

        model = edgetext.load(SparkFiles.get(name))
        for texts in batches:
            predictions = iter(model.predict_many(texts.dropna().tolist()))
            rows = [
                next(predictions).json_answer(text.encode("utf-8")) if known else {}
                for text, known in zip(texts, texts.notna(), strict=True)
            ]
            columns = {name: [row.get(name) for row in rows] for name in NAMES}
            yield pd.DataFrame({x: pd.Series(cells, dtype=object) for x, cells in columns.items()})

    return pandas_udf(answers, returnType=ANSWER)
