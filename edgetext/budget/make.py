"""From a choice to a checkpoint and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgetext.bench.untrained import blank
from edgetext.budget.space import INT8, PRUNE, ROUNDED, Choice, Space
from edgetext.compression.network import load_network
from edgetext.compression.prune import VOCABULARY, prune
from edgetext.compression.quantize import to_int8
from edgetext.compression.structure import value_of, widths, with_value
from edgetext.export.artifact import export
from edgetext.recipe import Recipe
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.checkpoint import Checkpoint
from edgetext.training.distill import distill, recover, student_recipe
from edgetext.training.history import successor
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.run import make_vocabulary, settle, state_path
from edgetext.training.splits import Splits
from edgetext.training.teachers import Teacher, load_teachers

# Of a network that was cut, whose weights are good already.
RECOVERY_RATE = 1e-3


@dataclass(slots=True)
class Maker:
    """Makes what a space allows below a teacher. suffixes: of the files to write."""

    teacher: Path
    checkpoint: Checkpoint
    space: Space
    splits: Splits
    suffixes: Sequence[str]
    _vocabularies: dict[int, Vocabulary] = field(default_factory=dict)
    _teachers: list[Teacher] = field(default_factory=list)

    def untrained(self, choice: Choice, path: Path) -> Path:
        """Write the checkpoint of a choice before any training to `path`.

        Its files have the sizes and the times of trained ones.
        """
        header = self.checkpoint.header
        vocabulary = self._vocabulary(choice)
        recipe = self._resolved(choice)
        made = blank(recipe, vocabulary, header["labels"], int8=False)
        network = load_network(made)
        made.header["recipe"] = settle(network, recipe).resolved()
        if choice["precision"] == INT8:
            to_int8(network)
            made.header["variant"] = INT8
        made.tensors = network.state_dict()
        made.save(path)
        return path

    def trained(
        self,
        choice: Choice,
        path: Path,
        epochs: int | None = None,
        after_epoch: AfterEpoch = ignore,
    ) -> Path:
        """A checkpoint of the choice in its precision, beside `path`, which gets the float32 one.

        A training that was interrupted goes on. epochs: by default as many as the recipe says. The
        test split is not looked at.
        """
        if not path.exists():
            resume = state_path(path).exists()
            if choice["way"] == PRUNE:
                self._prune(choice, path, epochs, after_epoch, resume)
            else:
                recipe = self.space.student(choice, epochs)
                self._teachers = self._teachers or load_teachers([self.teacher], recipe.task)
                distill(
                    self.teacher, recipe, path, resume, teachers=self._teachers,
                    splits=self.splits, tested=False, after_epoch=after_epoch,
                )  # fmt: skip
        if choice["precision"] != INT8:
            return path
        int8 = path.with_name(f"{path.stem}-int8.pt")
        checkpoint = Checkpoint.load(path)
        network = load_network(checkpoint)
        to_int8(network)
        header = checkpoint.header
        successor(header, network.state_dict(), path, INT8, header["metrics"]).save(int8)
        return int8

    def exported(self, checkpoint: Path) -> dict[str, Path]:
        """The artifacts of a checkpoint, beside it, their golden examples replayed."""
        if set(self.suffixes) == {".onnx", ".pte"}:
            files = export(checkpoint, "mobile").files
        else:
            output = checkpoint.with_suffix(self.suffixes[0])
            files = export(checkpoint, "mobile", output).files
        return {file.suffix: file for file in files}

    def _prune(
        self,
        choice: Choice,
        path: Path,
        epochs: int | None,
        after_epoch: AfterEpoch,
        resume: bool,
    ) -> None:
        start = path.with_name(f"{path.stem}-cut.pt")
        if not start.exists():
            prune(
                self.teacher, self._kept(choice), splits=self.splits, judged="valid"
            ).checkpoint.save(start)
        recipe = self.space.recipe
        assert recipe.student is not None
        epochs = epochs or recipe.student.training.epochs
        rounded = round(ROUNDED * epochs) if choice["precision"] == INT8 else 0
        recover(
            self.teacher, Checkpoint.load(start), path, epochs, RECOVERY_RATE, self.splits, resume,
            rounded_epochs=rounded, tested=False, after_epoch=after_epoch,
        )  # fmt: skip

    def _kept(self, choice: Choice) -> dict[str, int]:
        """What stays of the teacher, as `prune` takes it."""
        header = self.checkpoint.header
        pieces = len(header["vocabulary"]["pieces"])
        kept = {}
        for width in widths(header["recipe"], pieces, header["labels"]):
            size = max(1, round(width.size * choice["kept"] / width.groups)) * width.groups
            kept[width.field.removeprefix("encoder.")] = size
        if choice["vocabulary"] < pieces:
            kept[VOCABULARY] = choice["vocabulary"]
        return kept

    def _resolved(self, choice: Choice) -> Recipe:
        """The recipe of the network that a choice becomes."""
        if choice["way"] != PRUNE:
            return student_recipe(self.space.student(choice))
        model: dict[str, Any] = self.checkpoint.header["recipe"]
        for name, size in self._kept(choice).items():
            if name != VOCABULARY:
                full = name if name.startswith("head.") else f"encoder.{name}"
                assert value_of(model, full)
                model = with_value(model, full, size)
        return Recipe.from_dict(model, source="compress")

    def _vocabulary(self, choice: Choice) -> Vocabulary:
        """A vocabulary of the size that the choice's will have."""
        size = choice["vocabulary"]
        header = self.checkpoint.header
        known = Vocabulary.from_header(header["vocabulary"])
        if choice["way"] == PRUNE or size == len(known):
            return Vocabulary(known.pieces[:size], **known.rules)
        if size not in self._vocabularies:
            recipe = student_recipe(self.space.student(choice))
            self._vocabularies[size] = make_vocabulary(recipe.text, recipe, self.splits)
        return self._vocabularies[size]
