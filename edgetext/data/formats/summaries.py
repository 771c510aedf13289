"""Texts with their summaries: a JSON object a line, as SciTLDR's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Sentence
from edgetext.data.formats.arrow_rows import is_arrow, read_records
from edgetext.data.formats.json_objects import field_of, read_object
from edgetext.data.reader import Item, LineReader, ReaderConfig, attempt, make_example
from edgetext.registry import register


class SummariesConfig(ReaderConfig):
    """The names of the fields."""

    source: str = Field("source", description="field with the text: its sentences, or one text")
    target: str = Field("target", description="field with a summary, or a list of them")
    labels: str | None = Field(
        None, description="field with a 1 for each sentence of the best summary, else 0"
    )
    scores: str | None = Field(
        None, description="field with a number for each sentence: how good a summary it is"
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.labels is not None and self.scores is not None:
            raise ValueError("labels and scores say the same in two ways; remove one of them")
        return self


@register("reader", "summaries")
class Summaries(LineReader):
    """A JSON object a line: a text and the summaries that people wrote of it.

    The sentences of a list are joined with spaces, spaces and line ends within them being one
    space; where they are is kept in `sentences`. Without `labels` and `scores`, what a sentence is
    worth is found by comparing it with the summaries. The objects may be rows of Parquet or Arrow
    files, which need pyarrow.
    """

    Config: ClassVar[type[ReaderConfig]] = SummariesConfig

    def __init__(self, config: SummariesConfig) -> None:
        super().__init__(config)
        self.config = config

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        if not is_arrow(path):
            yield from super().scan(path, split)
            return
        for number, row in read_records(path):
            yield attempt(self._of_object, row, f"{path}:row {number}")

    def example(self, row: bytes, source: str) -> Example:
        return self._of_object(read_object(row, source), source)

    def _of_object(self, value: dict[str, Any], source: str) -> Example:
        parts = self._texts(value, "source", "sentence", source)
        references = self._texts(value, "target", "summary", source)
        given = isinstance(value[self.config.source], list)
        scores = self._scores(value, len(parts), source)
        parts = [" ".join(part.split()) if given else part for part in parts]
        kept = [(part, score) for part, score in zip(parts, scores, strict=True) if part.strip()]
        if not kept:
            raise EdgetextError(
                f"{source}: the field {self.config.source} has no sentences; add some or remove "
                "the line"
            )
        example = make_example(" ".join(part for part, _ in kept), None, (), source)
        sentences, at = [], 0
        for part, score in kept:
            end = at + len(part.encode("utf-8"))
            sentences.append(Sentence(at, end, score))
            at = end + 1
        return replace(
            example,
            references=tuple(references),
            sentences=tuple(sentences) if given else (),
        )

    def _scores(self, value: dict[str, Any], count: int, source: str) -> Sequence[float | None]:
        """How good each sentence is, None where the data does not say."""
        name = self.config.labels or self.config.scores
        if name is None:
            return [None] * count
        option = "labels" if self.config.labels else "scores"
        scores = field_of(value, name, list, "a list of numbers", option, source)
        wrong = next((x for x in scores if not isinstance(x, int | float) or x < 0), None)
        if wrong is not None:
            raise EdgetextError(f"{source}: {name} must hold numbers from 0 on, not {wrong!r:.60}")
        if len(scores) > count:
            raise EdgetextError(
                f"{source}: the field {name} has {len(scores)} values, which goes beyond the "
                f"{count} sentence(s) of {self.config.source}; give each sentence one"
            )
        if len(scores) < count:
            raise EdgetextError(
                f"{source}: the field {name} has {len(scores)} values for {count} sentences; give "
                f"each sentence one, or leave out `{name}` so that they are found by comparison"
            )
        return [float(x) for x in scores]

    def _texts(self, value: dict[str, Any], option: str, what: str, source: str) -> list[str]:
        """A field with one text or a list of them; a summary must not be empty, nor the list."""
        name = getattr(self.config, option)
        found = field_of(value, name, (str, list), "a text or a list of texts", option, source)
        texts = [found] if isinstance(found, str) else found
        wrong = next((x for x in texts if not isinstance(x, str)), None)
        if wrong is not None:
            raise EdgetextError(f"{source}: {name} must hold texts, not {wrong!r:.60}")
        if not texts:
            raise EdgetextError(f"{source}: {name} has no {what}; add one or remove the line")
        if what == "summary" and not all(x.strip() for x in texts):
            raise EdgetextError(f"{source}: a {what} in {name} is empty; write it or remove it")
        return texts
