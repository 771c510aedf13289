"""Label Studio's JSON and JSON-MIN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, LeftOut
from edgetext.data.formats.documents import SpanTriple, read_json, shaped
from edgetext.data.offsets import Offsets
from edgetext.data.reader import Item, Reader, ReaderConfig, make_example
from edgetext.registry import register


class LabelStudioConfig(ReaderConfig):
    text: str = Field("text", description="the field of `data` with the text")
    offsets: Offsets = Field("characters", description="what start and end count")


@register("reader", "label_studio")
class LabelStudio(Reader):
    """A list of annotated tasks: spans of `labels`, and the label of `choices`.

    Of several annotations the first that was not cancelled counts; a task without one is left out
    and counted.
    """

    Config: ClassVar[type[ReaderConfig]] = LabelStudioConfig
    options: ClassVar[Mapping[str, str]] = {"text": "text"}

    def __init__(self, config: LabelStudioConfig) -> None:
        super().__init__(config)
        self.config = config

    def with_offsets(self, unit: Offsets) -> LabelStudio:
        return LabelStudio(self.config.model_copy(update={"offsets": unit}))

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        document = read_json(path)
        if not isinstance(document, list):
            raise EdgetextError(f"{path}: not Label Studio's JSON, which is a list of tasks")
        for number, value in enumerate(document, start=1):
            yield shaped(self._example, value, f"{path}:text {number}", "Label Studio")

    def _example(self, value: dict[str, Any], source: str) -> Example | LeftOut:
        given = value.get("annotations", value.get("completions", ()))
        annotation = next((each for each in given if not each.get("was_cancelled")), None)
        if annotation is None:
            return LeftOut("tasks left out, which nobody has annotated", source)
        intent = None
        spans: list[SpanTriple] = []
        for result in annotation["result"]:
            found = result.get("value", {})
            if "choices" in found:
                intent = found["choices"][0]
            for label in found.get("labels", ()):
                spans.append((label, found["start"], found["end"]))
        text = value["data"][self.config.text]
        return make_example(text, intent, spans, source, self.config.offsets)
