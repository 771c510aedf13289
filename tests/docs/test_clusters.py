"""The pandas UDF of the page on clusters, in Spark on this machine."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from edgetext.predictor import load

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs/clusters/spark_answers.py"
TEXTS = ["is it cold in Zürich tomorrow?", None, "fly to Oslo", ""]
RUN = """
import json, sys
from pyspark.sql import SparkSession
from spark_answers import answers_of

builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
builder = builder.config("spark.driver.host", "127.0.0.1")
spark = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
rows = list(enumerate(json.loads(sys.argv[2])))
table = spark.createDataFrame(rows, "id int, text string").repartition(2)
labeled = table.withColumn("answer", answers_of(spark, sys.argv[1])("text")).orderBy("id")
print("ANSWERS", json.dumps([json.loads(row) for row in labeled.toJSON().collect()]))
spark.stop()
"""


def test_the_page_shows_the_file():
    page = (ROOT / "docs/clusters.md").read_text("utf-8")
    assert f"```python\n{FILE.read_text('utf-8').strip()}\n```" in page


def test_spark_answers_as_the_model_does(joint_files, tmp_path):
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("pyspark or java is not installed")
    paths = [str(FILE.parent), str(ROOT)]
    if "PYTHONPATH" in os.environ:
        paths.append(os.environ["PYTHONPATH"])
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(joint_files.onnx), json.dumps(TEXTS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYSPARK_PYTHON": sys.executable},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("ANSWERS "))
    rows = json.loads(line.removeprefix("ANSWERS "))
    model = load(joint_files.onnx)
    for row, text in zip(rows, TEXTS, strict=True):
        fields = row.get("answer") or {}
        if text is None:
            assert not any(fields.values())
        else:
            assert fields == model.predict(text).json_answer(text.encode())
