"""From a choice to a checkpoint and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from edgetext.artifacts.export import export
from edgetext.compression.pruning.layers import with_layers
from edgetext.compression.pruning.prune import LAYERS, VOCABULARY, prune
from edgetext.compression.pruning.recover import recover
from edgetext.compression.pruning.structure import value_of, widths, with_value
from edgetext.compression.pruning.vocabulary import USED, fewer_pieces
from edgetext.compression.quantization.calibration_data import sampled
from edgetext.compression.quantization.precision import Precision, store
from edgetext.compression.quantization.qat import tune
from edgetext.compression.quantization.quantize import ALL, Choices, planned, sample_of
from edgetext.compression.quantization.smooth import smoothing
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.model.variants import quantized_variant
from edgetext.models import Network
from edgetext.models.quantized.layer import schemes_of
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import Recipe
from edgetext.search.cuts import cuts_pieces, is_cut
from edgetext.search.space import (
    FLOAT32,
    INT4,
    INT4_TABLE,
    PRUNE,
    QAT_SHARE,
    Choice,
    Space,
    epochs_of,
    in_words,
)
from edgetext.search.text import HASHED
from edgetext.targets.catalog import deployments
from edgetext.text.tokenization import Tokenization
from edgetext.text.vocabulary import Vocabulary
from edgetext.timing.untrained import blank
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill, fixed_rules, student_recipe
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.run import make_vocabulary, state_path
from edgetext.training.splits import Splits
from edgetext.training.streaming import held
from edgetext.training.teachers import Teacher, teachers_of

# Of a network that was cut, whose weights are good already.
RECOVERY_RATE = 1e-3
# Of a network that learns what 4 bits a weight leave of it.
TUNING_RATE = 5e-4
# Of published weights, in the place of both.
PUBLISHED_RATE = 1e-4


@dataclass(slots=True)
class Maker:
    """Makes what a space allows below a teacher. suffixes: of the files to write.

    How many epochs there are is said as of a student's training; a cut of an imported teacher has
    fewer: see `epochs_of`.
    """

    teacher: Model
    space: Space
    splits: Splits
    suffixes: Sequence[str]
    _vocabularies: dict[tuple[int, bool], Tokenization] = field(default_factory=dict)
    _teachers: list[Teacher] = field(default_factory=list)

    def untrained(self, choice: Choice, path: Path) -> Path:
        """Write the checkpoint of a choice before any training to `path`.

        Its files have the sizes and the times of trained ones.
        """
        recipe = self._resolved(choice)
        labels = self.teacher.header.labels
        made = blank(recipe, self._vocabulary(choice), labels, int8=False)
        network, header = load_network(made), made.header
        if choice["precision"] != FLOAT32:
            precision = self._precision(choice, network, header)
            store(network, precision)
            variant = quantized_variant(precision.schemes.values())
            header = replace(header, variant=variant, quantization=schemes_of(network))
        Checkpoint(header, network.state_dict()).save(path)
        return path

    def trained(
        self,
        choice: Choice,
        path: Path,
        epochs: int | None = None,
        after_epoch: AfterEpoch = ignore,
    ) -> Path:
        """Write the float32 checkpoint of a choice, whatever its precision, to `path`.

        A training that was interrupted goes on; a checkpoint that is there stays. epochs: by
        default as many as the recipe says. The test split is not looked at.
        """
        if path.exists():
            return path
        resume = state_path(path).exists()
        if choice["way"] == PRUNE:
            self._prune(choice, path, epochs, after_epoch, resume)
        else:
            recipe = self.space.student(choice, epochs)
            distill(
                [self.teacher], recipe, state_path(path), resume, teachers=self._teaching(),
                splits=self.splits, tested=False, after_epoch=after_epoch,
            ).save(path)  # fmt: skip
        return path

    def stored(self, choice: Choice, trained: Path, path: Path, epochs: int | None = None) -> Path:
        """Write what `trained` gave for a choice to `path`, in the choice's precision.

        Weights of 4 bits are trained for first: as many epochs with their rounding as `trained`'s
        last ones had with that of 8 bits, `epochs` being what it was given.
        """
        if path.exists():
            return path
        model = Model.load(self._tuned(choice, trained, path, epochs))
        if choice["precision"] == FLOAT32:
            model.save(path)
            return path
        network = model.copied_network()
        precision = self._precision(choice, network, model.header)
        seen = EncodedSet.of_model(model, self.splits.valid, self.space.recipe.strict)
        store(network, replace(precision, smoothing=smoothing(network, sample_of(seen))))
        variant = quantized_variant(precision.schemes.values())
        header = model.header
        model.replace(network, variant, header.metrics, header.worst_classes).save(path)
        return path

    def _tuned(self, choice: Choice, trained: Path, path: Path, epochs: int | None) -> Path:
        """The float32 checkpoint that is stored as `path`: `trained`, or that trained on beside
        `path`."""
        if choice["precision"] not in (INT4_TABLE, INT4):
            return trained
        output = path.with_name(f"{path.stem}-qat.pt")
        if output.exists():
            return output
        model = Model.load(trained)
        precision = self._precision(choice, model.network, model.header)
        fake = FakeQuantization(precision.scheme_of, in_words(choice))
        epochs = epochs_of(choice, epochs or self._epochs, self.space.cuts)
        rounded = max(1, round(QAT_SHARE * epochs))
        rate = PUBLISHED_RATE if is_cut(choice) else TUNING_RATE
        tune(
            model, self.teacher, rounded, rate, fake, self.splits, state_path(output),
            state_path(output).exists(), teachers=self._teaching(), tested=False,
        ).save(output)  # fmt: skip
        return output

    def _teaching(self) -> list[Teacher]:
        """The teacher as such, which remembers its answers from one training to the next."""
        if not self._teachers:
            self._teachers = teachers_of([self.teacher], self.teacher.header.task)
        return self._teachers

    def _precision(self, choice: Choice, network: Network, header: Header) -> Precision:
        choices = Choices(
            int4={INT4: ALL, INT4_TABLE: ["embedding"]}.get(choice["precision"], ()),
            static="percentile" if choice.get("static") else None,
        )
        return planned(
            network,
            choices,
            lambda: sampled(header, held(self.splits.train), False),
            in_words(choice),
        )

    @property
    def _epochs(self) -> int:
        assert self.space.recipe.student is not None
        return self.space.recipe.student.training.epochs

    def exported(self, checkpoint: Path) -> dict[str, Path]:
        """The artifacts of a checkpoint, beside it, their golden examples replayed."""
        suffixes = set(self.suffixes)
        target = next(name for name, x in deployments().items() if set(x) == suffixes)
        files = export(Model.load(checkpoint), target).files
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
            prune(self.teacher, self._kept(choice), splits=self.splits, judged="valid").model.save(
                start
            )
        epochs = epochs_of(choice, epochs or self._epochs, self.space.cuts)
        if not epochs:
            Model.load(start).save(path)
            return
        rounded = round(QAT_SHARE * epochs)
        rate = PUBLISHED_RATE if is_cut(choice) else RECOVERY_RATE
        recover(
            Model.load(start), self.teacher, epochs, rate, self.splits, state_path(path),
            resume, qat_epochs=rounded, tested=False, after_epoch=after_epoch,
        ).save(path)  # fmt: skip

    def _kept(self, choice: Choice) -> dict[str, int]:
        """What stays of the teacher, as `prune` takes it."""
        header, cuts = self.teacher.header, self.space.cuts
        if cuts is not None:
            return cuts.kept(choice) | ({VOCABULARY: USED} if cuts_pieces(choice) else {})
        pieces = len(header.pieces)
        kept = {}
        for width in widths(header.recipe, pieces, header.labels):
            size = max(1, round(width.size * choice["kept"] / width.groups)) * width.groups
            kept[width.field.removeprefix("encoder.")] = size
        if choice["vocabulary"] < pieces:
            kept[VOCABULARY] = choice["vocabulary"]
        return kept

    def _resolved(self, choice: Choice) -> Recipe:
        """The recipe of the network that a choice becomes."""
        if choice["way"] != PRUNE:
            return student_recipe(self.space.student(choice))
        model: dict[str, Any] = self.teacher.header.recipe
        for name, size in self._kept(choice).items():
            if name == LAYERS:
                model = with_layers(model, range(size))
            elif name != VOCABULARY:
                full = name if name.startswith("head.") else f"encoder.{name}"
                assert value_of(model, full)
                model = with_value(model, full, size)
        return Recipe.from_dict(model, source="compress")

    def _vocabulary(self, choice: Choice) -> Tokenization:
        """A vocabulary of the size that the choice's will have."""
        known = self.teacher.vocabulary
        if is_cut(choice):
            return self._in_use() if cuts_pieces(choice) else known
        size, hashed = choice["vocabulary"], choice.get("text") == HASHED
        trained = known if isinstance(known, Vocabulary) and not hashed else None
        if trained is not None and (choice["way"] == PRUNE or size == len(trained)):
            return trained.with_pieces(trained.pieces[:size])
        if (size, hashed) not in self._vocabularies:
            recipe = student_recipe(self.space.student(choice))
            fixed = {} if trained is None else fixed_rules(recipe.text, trained)
            made = make_vocabulary(recipe.text, recipe, self.splits, fixed)
            self._vocabularies[size, hashed] = made
        return self._vocabularies[size, hashed]

    def _in_use(self) -> Tokenization:
        """The teacher's pieces that training texts use."""
        key = USED, False
        if key not in self._vocabularies:
            texts = [text for example in held(self.splits.train) for text in example.texts]
            self._vocabularies[key], _ = fewer_pieces(self.teacher.vocabulary, texts, USED)
        return self._vocabularies[key]
