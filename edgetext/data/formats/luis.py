"""Microsoft's exports: LUIS, and CLU after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.documents import read_json, shaped
from edgetext.data.offsets import Offsets
from edgetext.data.reader import BaseReader, Item, Reader, ReaderConfig, make_example
from edgetext.registry import register


class LuisConfig(ReaderConfig):
    offsets: Offsets = Field("utf16", description="what offsets count; .NET counts UTF-16")


class _Export(Reader):
    """Utterances with intents and entities, in one list of the document."""

    Config: ClassVar[type[ReaderConfig]] = LuisConfig
    called: ClassVar[str]

    def __init__(self, config: LuisConfig) -> None:
        super().__init__(config)
        self.config = config

    def with_offsets(self, unit: Offsets) -> BaseReader:
        return type(self)(self.config.model_copy(update={"offsets": unit}))

    def utterances(self, document: Any) -> list[Any]:
        """Give those of a document."""
        raise NotImplementedError

    def example(self, value: dict[str, Any], source: str) -> Example:
        """Make the example of one."""
        raise NotImplementedError

    def splits_in(self, path: Path) -> Sequence[str]:
        present = {_split(value) for value in self._utterances(path)}
        return (
            [split for split in ("train", "test") if split in present] if len(present) > 1 else ()
        )

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        values = self._utterances(path)
        divided = len(set(map(_split, values))) > 1
        for number, value in enumerate(values, start=1):
            if divided and _split(value) != split:
                continue
            yield shaped(self.example, value, f"{path}:text {number}", self.called)

    def _utterances(self, path: Path) -> list[Any]:
        document = read_json(path)
        try:
            return self.utterances(document)
        except (KeyError, TypeError) as error:
            raise EdgetextError(
                f"{path}: not an export of {self.called}; give one with a list of utterances"
            ) from error


def _split(value: Any) -> str:
    """The split that an utterance's `dataset` says: train or test."""
    said = value.get("dataset") if isinstance(value, dict) else None
    return "test" if str(said).lower() == "test" else "train"


@register("reader", "luis")
class Luis(_Export):
    """LUIS' export: `startPos` and `endPos`, which is of an entity's last character."""

    called = "LUIS"

    def utterances(self, document: Any) -> list[Any]:
        return list(document["utterances"])

    def example(self, value: dict[str, Any], source: str) -> Example:
        spans = [(e["entity"], e["startPos"], e["endPos"] + 1) for e in value.get("entities", ())]
        return make_example(value["text"], value["intent"], spans, source, self.config.offsets)


@register("reader", "clu")
class Clu(_Export):
    """CLU's export: `offset` and `length` of a category; `dataset` (Train or Test) divides it."""

    called = "CLU"

    def utterances(self, document: Any) -> list[Any]:
        return list(document["assets"]["utterances"])

    def example(self, value: dict[str, Any], source: str) -> Example:
        spans = [
            (e["category"], e["offset"], e["offset"] + e["length"])
            for e in value.get("entities", ())
        ]
        return make_example(value["text"], value["intent"], spans, source, self.config.offsets)
