"""One run of `label`: what is asked, of what, and what comes out; and who answers it."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.labeling.answers import Answer, EachAnswer, InColumns
from edgetext.labeling.output import Output
from edgetext.labeling.source import Chunk, Source
from edgetext.predictor import Predictor, load
from edgetext.tasks.answers.labels import IN_SCOPE
from edgetext.tasks.columns import joined

# So many texts are asked at once: answers of many labels take much memory until they are written.
_AT_ONCE = 1024
TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True)
class Question:
    """What does not depend on the texts.

    model: the file; runtime: the engine, None for the file's own; top and whole: as `predict` has
    them; prefix: stands before each field of an answer.
    """

    model: Path
    runtime: str | None = None
    top: int = 1
    whole: bool = False
    prefix: str = ""

    def load(self) -> Predictor:
        """Load the model for one thread."""
        return load(self.model, runtime=self.runtime)

    def types(self, predictor: Predictor) -> dict[str, Any]:
        """Give the types of the fields of an answer; EdgetextError for a task that tells none."""
        metadata = predictor.metadata
        types: Mapping[str, Any] = predictor.task.json_types(metadata.labels, self.top)
        if not types:
            raise EdgetextError(
                f"{self.model}: its task {metadata.task} does not say the types of its answers; "
                "add `json_types` to its class"
            )
        types = _of_outputs(types, metadata.fields.get("outputs", ()))
        fields = {name: kind for name, kind in types.items() if name != "scores"}
        fields[TRUNCATED] = bool
        fields |= {name: kind for name, kind in types.items() if name == "scores"}
        return {self.prefix + name: kind for name, kind in fields.items()}


def _of_outputs(types: Mapping[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
    """The types without `in_scope` of a file, or of a part of one, that does not tell it."""
    kept: dict[str, Any] = {}
    for name, kind in types.items():
        prefix = f"{name}."
        if isinstance(kind, dict) and any(output.startswith(prefix) for output in outputs):
            kind = _of_outputs(kind, [x.removeprefix(prefix) for x in outputs])
        if name != IN_SCOPE or IN_SCOPE in outputs:
            kept[name] = kind
    return kept


@dataclass(frozen=True, slots=True)
class Job:
    """A question to the texts of a source. fields: the columns of the texts."""

    question: Question
    source: Source
    fields: tuple[str, ...]
    output: Output


class Answerer:
    """Makes parts of chunks, by a model that is loaded once."""

    def __init__(self, job: Job, predictor: Predictor | None = None) -> None:
        self.job = job
        self.predictor = predictor or job.question.load()
        question = job.question
        # Else a field is missing in columns: the scores of several labels, or a text's windows.
        self._in_columns = self.predictor.has_columns and question.top == 1 and not question.whole

    def part(self, chunk: Chunk) -> bytes:
        """Answer the texts of a chunk and write them as a part of the output."""
        with _without_collections():
            return self._part(chunk)

    def _part(self, chunk: Chunk) -> bytes:
        job = self.job
        asked = job.source.texts(chunk, job.fields)
        places = [place for place, texts in enumerate(asked) if texts is not None]
        texts = [texts for texts in asked if texts is not None]
        if texts and self._in_columns:
            columns = joined([self.predictor.columns(block) for block in _blocks(texts)])
            named = {job.question.prefix + name: column for name, column in columns.items()}
            rows = None if len(texts) == len(asked) else np.array(places)
            return job.output.part(chunk, InColumns(named, rows, len(asked)))
        answers: list[Answer] = [None] * len(asked)
        for place, answer in zip(places, self._each(texts), strict=True):
            answers[place] = answer
        return job.output.part(chunk, EachAnswer(answers))

    def _each(self, texts: Sequence[tuple[bytes, ...]]) -> Iterator[dict[str, Any]]:
        """Give the fields of each answer."""
        question = self.job.question
        prefix, top = question.prefix, question.top
        for block in _blocks(texts):
            predictions = self.predictor.predict_many(block, whole=question.whole)
            for text, prediction in zip(block, predictions, strict=True):
                answer = prediction.json_answer(text[-1], top)
                yield {prefix + name: value for name, value in answer.items()} if prefix else answer


def _blocks(texts: Sequence[tuple[bytes, ...]]) -> Iterator[Sequence[tuple[bytes, ...]]]:
    return (texts[begin : begin + _AT_ONCE] for begin in range(0, len(texts), _AT_ONCE))


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Look for no garbage while the block runs: among answers that all stay until they are written
    it finds none, and takes a twentieth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
