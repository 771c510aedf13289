"""The header of a checkpoint: what a model is and how it came to be, apart from its tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from edgetext.model.variants import QUANTIZED
from edgetext.text.tokenization import pieces_of
from edgetext.version import __version__

# The newest version of the format, those before it, and the first, which edgetext 0.1 reads. A file
# has the first unless its vocabulary is canonical, which 0.1 would read in another way without
# noticing; it is calibrated, which the next would not notice; it reads look-alikes as what they
# look like, which the one after that would not; or words have rows in pairs, too, which that one
# would leave out.
FORMAT_VERSION, FOLDED_VERSION, CALIBRATED_VERSION = 5, 4, 3
CANONICAL_VERSION, FIRST_VERSION = 2, 1
# Without these a file is no checkpoint that any edgetext wrote whole.
REQUIRED = ("task", "recipe", "vocabulary", "labels")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a checkpoint's history.

    command: as a user would type it again. parent_sha256: of the checkpoint that it began with,
    None where it began with none. metrics: by name, measured after it. extra: the fields of a newer
    edgetext.
    """

    command: str = ""
    parent_sha256: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Step:
        """Read a step as `as_dict` gives it; a field that is missing has its default."""
        rest = dict(fields)
        return cls(
            command=rest.pop("command", ""),
            parent_sha256=rest.pop("parent_sha256", None),
            metrics=rest.pop("metrics", {}),
            extra=rest,
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON object that a file holds."""
        return {
            "command": self.command,
            "parent_sha256": self.parent_sha256,
            "metrics": dict(self.metrics),
            **self.extra,
        }


# Without slots, so that it can keep its list of pieces.
@dataclass(frozen=True, kw_only=True)
class Header:
    """What a checkpoint says of itself; its values are those of JSON.

    task, name: from the recipe. recipe: the resolved recipe, complete. vocabulary: as
    Tokenization.to_header gives it. labels: by kind, as the task's `labels` gave them. max_bytes:
    the longest text. variant: see model.variants. quantization: the scheme of each layer that is
    not float32, by the layer's name; empty in files of edgetext 0.1 too, where model.network tells
    it by the tensors. history: oldest first. metrics: the newest, by split and name. worst_classes:
    the labels of texts with the lowest F1 there, as tasks.metrics.worst gives them. calibration:
    see tasks.calibration.Calibration; empty where scores are as they were learnt. golden: real
    example texts; of a task of two texts, both. edgetext_version: what wrote the file.
    extra: the fields of a newer edgetext, which are kept.
    """

    task: str
    name: str
    recipe: dict[str, Any]
    vocabulary: dict[str, Any]
    labels: dict[str, list[str]]
    max_bytes: int
    variant: str = "full"
    quantization: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Step, ...] = ()
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    worst_classes: Sequence[Mapping[str, Any]] = ()
    calibration: Mapping[str, Any] = field(default_factory=dict)
    golden: Sequence[str | list[str]] = ()
    format_version: int = FIRST_VERSION
    edgetext_version: str | None = __version__
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Header:
        """Read the JSON object of a file. KeyError naming a field that it cannot do without."""
        rest = dict(fields)
        return cls(
            format_version=rest.pop("format_version", FIRST_VERSION),
            edgetext_version=rest.pop("edgetext_version", None),
            task=rest.pop("task"),
            name=rest.pop("name"),
            recipe=rest.pop("recipe"),
            vocabulary=rest.pop("vocabulary"),
            labels=rest.pop("labels"),
            max_bytes=rest.pop("max_bytes"),
            variant=rest.pop("variant"),
            quantization=rest.pop("quantization", {}),
            history=tuple(Step.from_dict(step) for step in rest.pop("history", [])),
            metrics=rest.pop("metrics", {}),
            worst_classes=rest.pop("worst_classes", []),
            calibration=rest.pop("calibration", {}),
            golden=rest.pop("golden", []),
            extra=rest,
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON object that a file holds; without `quantization` where nothing is, without
        `worst_classes` and `calibration` where there are none, and with the format's oldest version
        that will do."""
        schemes = {"quantization": dict(self.quantization)} if self.quantization else {}
        worst = [dict(each) for each in self.worst_classes]
        return {
            "format_version": self._oldest_version(),
            "edgetext_version": self.edgetext_version,
            "task": self.task,
            "name": self.name,
            "recipe": self.recipe,
            "vocabulary": self.vocabulary,
            "labels": self.labels,
            "max_bytes": self.max_bytes,
            "variant": self.variant,
            **schemes,
            "history": [step.as_dict() for step in self.history],
            "metrics": self.metrics,
            **({"worst_classes": worst} if worst else {}),
            **({"calibration": dict(self.calibration)} if self.calibration else {}),
            "golden": list(self.golden),
            **self.extra,
        }

    def _oldest_version(self) -> int:
        if self.vocabulary.get("pairs"):
            return FORMAT_VERSION
        if self.vocabulary.get("look_alikes"):
            return FOLDED_VERSION
        if self.calibration:
            return CALIBRATED_VERSION
        return CANONICAL_VERSION if self.vocabulary.get("canonical") else self.format_version

    @cached_property
    def pieces(self) -> Sequence[str]:
        """The pieces of the vocabulary, in the order of their ids."""
        return pieces_of(self.vocabulary)

    @property
    def quantized(self) -> bool:
        """Whether some of the network's weights are integers."""
        return self.variant in QUANTIZED or bool(self.quantization)
