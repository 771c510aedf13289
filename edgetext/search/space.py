"""What the search may choose: how a small model is made, its encoder, widths, pieces, precision."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Protocol

from edgetext.compression.pruning.structure import widths
from edgetext.model.header import Header
from edgetext.models.network import TiedHead
from edgetext.models.quantized.scheme import SMALL
from edgetext.models.student_encoder import StudentEncoder, StudentForm
from edgetext.recipe import (
    ComponentConfig,
    DistillationConfig,
    Recipe,
    StudentConfig,
    TrainingConfig,
)
from edgetext.registry import lookup, names
from edgetext.search import cuts as imported_cuts
from edgetext.search.cuts import Cuts, is_cut
from edgetext.search.text import HASHED, PIECES, texts_of, with_pieces
from edgetext.targets import catalog
from edgetext.tasks.learner import learner_of
from edgetext.text.tokenization import is_imported, is_trained

DISTIL, PRUNE = "distil", "prune"
# Of the weights: 4 bits in the embedding and 8 elsewhere, or 4 in each large layer.
FLOAT32, INT8, INT4_TABLE, INT4 = "float32", "int8", "int4 embedding", "int4"
# Which of them a convolution may be quantized statically in.
CAN_BE_STATIC = (INT8, INT4_TABLE)
# The next with fewer bytes.
SMALLER = {FLOAT32: INT8, INT8: INT4_TABLE, INT4_TABLE: INT4}
HIDDEN = (32, 48, 64, 96, 128, 160, 192, 256)
EMBEDDING = (16, 24, 32, 48, 64, 96)
VOCABULARY = (500, 1000, 1500, 2000, 3000, 4000, 6000)
# The share of every width that pruning keeps.
KEPT = (0.25, 0.375, 0.5, 0.75)
# The share of a training's epochs, the last ones, that round as int8 does: whatever precision a
# network gets, it is trained alike, so that one training serves all of them.
QAT_SHARE = 0.25
# The pieces that a convolution of a student sees.
KERNEL = 3

Choice = dict[str, Any]


class Suggests(Protocol):
    """An optuna trial, or whatever chooses."""

    def suggest_categorical(self, name: str, choices: Any) -> Any: ...

    def suggest_int(self, name: str, low: int, high: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Space:
    """What may be chosen below a teacher.

    recipe: the teacher's, with a student section. hidden, vocabulary: the values that are not
    larger than the teacher's; the latter of buckets, too, where words are hashed. encoders: types
    of a student; prunable: whether the teacher itself can be cut down and still run where it has
    to; cuts: how, where it was imported. precisions: of the weights. texts: what a student's text
    becomes, first what the recipe says.
    """

    recipe: Recipe
    hidden: tuple[int, ...]
    embedding: tuple[int, ...]
    vocabulary: tuple[int, ...]
    encoders: tuple[str, ...]
    prunable: bool
    precisions: tuple[str, ...]
    cuts: Cuts | None = None
    texts: tuple[str, ...] = (PIECES,)

    @classmethod
    def below(
        cls, teacher: Header, recipe: Recipe, suffixes: tuple[str, ...], *, hashed: bool = False
    ) -> Space:
        """The space of models smaller than a teacher, for files of these suffixes.

        hashed: whether the bytes of the training texts tell their words, so that a student of
        pieces may have hashed words instead, where its task takes them.
        """
        imported = is_imported(teacher.vocabulary)
        encoder = teacher.recipe["encoder"] if imported else recipe.encoder.model_dump()
        pieces = len(teacher.pieces)
        largest = int(encoder.get("hidden", HIDDEN[-1]))
        runs = all(catalog.owner(suffix).runs(encoder["type"]) for suffix in suffixes)
        causal = bool(encoder.get("causal"))
        fixed = (pieces,) if learner_of(recipe.task).same_pieces else ()
        tied = issubclass(lookup("head", teacher.recipe["head"]["type"]), TiedHead)
        if recipe.student is None:
            student = _plain_student(recipe).model_dump(mode="json")
            recipe = Recipe.from_dict({**recipe.resolved(), "student": student})
        return cls(
            recipe=recipe,
            hidden=tuple(x for x in HIDDEN if x <= largest) or (largest,),
            embedding=tuple(x for x in EMBEDDING if x <= encoder["embedding"]) or EMBEDDING[:1],
            vocabulary=fixed or tuple(x for x in VOCABULARY if x <= pieces) or (pieces,),
            encoders=tuple(x for x, form in forms().items() if causal in form.causal),
            prunable=runs and (imported or _has_widths(teacher)),
            # A table that is an output matrix too has 8 bits in both runtimes.
            precisions=(INT8, INT4, FLOAT32) if tied else (INT8, INT4_TABLE, INT4, FLOAT32),
            cuts=Cuts.of(teacher) if imported and runs else None,
            texts=texts_of(recipe, allowed=hashed and not imported),
        )

    def suggest(self, trial: Suggests) -> Choice:
        """A choice; what does not matter to it is not asked for."""
        choice: Choice = {"precision": trial.suggest_categorical("precision", self.precisions)}
        if self.cuts is not None:
            choice["way"] = trial.suggest_categorical("way", (DISTIL, PRUNE))
            if choice["way"] == PRUNE:
                return choice | self.cuts.suggest(trial)
        choice["vocabulary"] = trial.suggest_categorical("vocabulary", self.vocabulary)
        if self.cuts is None:
            way = trial.suggest_categorical("way", (DISTIL, PRUNE)) if self.prunable else DISTIL
            choice["way"] = way
        if choice["way"] == PRUNE:
            choice["kept"] = trial.suggest_categorical("kept", KEPT)
            return self._with_static(choice, trial)
        choice |= {
            "encoder": trial.suggest_categorical("encoder", self.encoders),
            "hidden": trial.suggest_categorical("hidden", self.hidden),
            "embedding": trial.suggest_categorical("embedding", self.embedding),
        }
        if len(self.texts) > 1:
            choice["text"] = trial.suggest_categorical("text", self.texts)
        if forms()[choice["encoder"]].layered:
            choice["layers"] = trial.suggest_int("layers", 1, 3)
            choice["attention"] = trial.suggest_categorical("attention", (True, False))
        return self._with_static(choice, trial)

    def _with_static(self, choice: Choice, trial: Suggests) -> Choice:
        if choice["precision"] in CAN_BE_STATIC and self.convolves(choice):
            choice["static"] = trial.suggest_categorical("static", (True, False))
        return choice

    def convolves(self, choice: Choice) -> bool:
        """Whether a choice has a convolution that is large enough to become integers, and sees
        pieces on both sides, as static quantization needs it."""
        fields = self.recipe.encoder.own_fields
        if fields.get("causal") or is_cut(choice):
            return False
        if choice["way"] == PRUNE:
            kind, layers = self.recipe.encoder.type, fields.get("layers", 1)
            sizes = [choice["kept"] * int(fields[name]) for name in ("embedding", "hidden")]
            kernel = fields.get("kernel", KERNEL)
            kernels = kernel if isinstance(kernel, list) else [kernel] * layers
        else:
            kind, kernels = choice["encoder"], [KERNEL] * choice.get("layers", 1)
            sizes = [choice["embedding"], choice["hidden"]]
        inputs = [sizes[0], *[sizes[1]] * (len(kernels) - 1)]
        weights = (k * n * sizes[1] for k, n in zip(kernels, inputs, strict=True))
        form = forms().get(kind)
        return form is not None and form.convolves and max(weights) >= SMALL

    def siblings(self, choice: Choice) -> list[Choice]:
        """The choice in every precision: what one training serves."""
        shape = shape_of(choice)
        variants = []
        for precision in self.precisions:
            plain = {**shape, "precision": precision}
            if precision in CAN_BE_STATIC and self.convolves(choice):
                variants += [{**plain, "static": static} for static in (True, False)]
            else:
                variants.append(plain)
        return variants

    def smaller(self, choice: Choice) -> Choice | None:
        """The choice in the next precision of fewer bytes; None where there is none."""
        precision = SMALLER.get(choice["precision"])
        while precision is not None and precision not in self.precisions:
            precision = SMALLER.get(precision)
        if precision is None:
            return None
        made = {**shape_of(choice), "precision": precision}
        if precision in CAN_BE_STATIC and self.convolves(choice):
            made["static"] = choice.get("static", True)
        return made

    def first(self) -> list[Choice]:
        """What is tried first, in int8: the recipe's own student, as near as the space has it, and
        of an imported teacher the whole and its half."""
        cut = [] if self.cuts is None else [self.cuts.whole(), self.cuts.halved()]
        return [*self._own(), *({"precision": INT8, "way": PRUNE, **choice} for choice in cut)]

    def _own(self) -> list[Choice]:
        """The recipe's own student; none where it is no choice."""
        assert self.recipe.student is not None
        fields = self.recipe.student.encoder.own_fields
        kind = self.recipe.student.encoder.type
        if kind not in self.encoders:
            return []
        text = self.recipe.student.text or self.recipe.text
        choice = {
            "precision": INT8,
            "vocabulary": _nearest(text.vocabulary, self.vocabulary),
            "way": DISTIL,
            "encoder": kind,
            "hidden": _nearest(fields["hidden"], self.hidden),
            "embedding": _nearest(fields["embedding"], self.embedding),
        }
        if len(self.texts) > 1:
            choice["text"] = self.texts[0]
        if forms()[kind].layered:
            choice["layers"] = max(1, min(3, int(fields["layers"])))
            choice["attention"] = bool(fields["heads"])
        if self.convolves(choice):
            choice["static"] = False
        return [choice]

    def smallest(self) -> Choice:
        """The choice whose file is the text graph and little else."""
        return {
            "precision": INT4,
            "vocabulary": self.vocabulary[0],
            "way": DISTIL,
            "encoder": self.encoders[-1],
            "hidden": self.hidden[0],
            "embedding": self.embedding[0],
            **({"text": HASHED} if len(self.texts) > 1 else {}),
            **({"layers": 1, "attention": False} if forms()[self.encoders[-1]].layered else {}),
        }

    def student(self, choice: Choice, epochs: int | None = None) -> Recipe:
        """The recipe whose student a distilled choice is; trained for `epochs`, by default as
        long as the recipe says."""
        assert self.recipe.student is not None
        base = self.recipe.student
        training = base.training
        if epochs is not None:
            training = training.model_copy(update={"epochs": epochs})
        rounded = round(QAT_SHARE * training.epochs)
        text = base.text or self.recipe.text
        pieces = with_pieces(text, choice)
        if pieces.hashed is not None:
            # There are no pieces to cut in other ways.
            training = training.model_copy(update={"segmentation": 0.0})
        # What it would begin with has another encoder.
        base = base.model_copy(update={"init": None})
        student = base.model_copy(
            update={
                "encoder": _encoder(choice, base, self.recipe),
                "text": None if learner_of(self.recipe.task).same_pieces else pieces,
                "training": training,
                "distillation": base.distillation.model_copy(
                    update={"qat_epochs": min(rounded, training.epochs - 1)}
                ),
            }
        )
        changed = self.recipe.model_copy(update={"student": student}).resolved()
        return Recipe.from_dict(changed, source="compress")


def _has_widths(teacher: Header) -> bool:
    """Whether a teacher can be made narrower; its pieces can be fewer if edgetext trained them."""
    wide = widths(teacher.recipe, len(teacher.pieces), teacher.labels)
    return is_trained(teacher.vocabulary) and any(x.field == "encoder.hidden" for x in wide)


def forms() -> dict[str, StudentForm]:
    """Give the forms of the encoders that a student may have, by their types, in order."""
    return {name: encoder.student for name, encoder in _students().items()}


def _students() -> dict[str, type[StudentEncoder]]:
    classes = {name: lookup("encoder", name) for name in names("encoder")}
    known = {name: x for name, x in classes.items() if issubclass(x, StudentEncoder)}
    return dict(sorted(known.items(), key=lambda item: item[1].student.place))


def epochs_of(choice: Choice, epochs: int, cuts: Cuts | None) -> int:
    """Give the epochs that a choice is trained for where a student has so many."""
    if cuts is None or not is_cut(choice):
        return epochs
    return max(1, round(epochs / imported_cuts.WORTH)) if cuts.narrows(choice) else 0


def key_of(choice: Choice) -> str:
    """Eight hexadecimal digits, the same for the same choice."""
    return hashlib.sha256(json.dumps(choice, sort_keys=True).encode()).hexdigest()[:8]


def shape_of(choice: Choice) -> Choice:
    """What is trained: a choice without its precision."""
    return {name: value for name, value in choice.items() if name not in ("precision", "static")}


def in_words(choice: Choice) -> str:
    """A choice on one line."""
    if is_cut(choice):
        return f"{imported_cuts.in_words(choice)}, {choice['precision']}"
    rows = "buckets" if choice.get("text") == HASHED else "pieces"
    pieces = f"{choice['vocabulary']:,} {rows}, {choice['precision']}"
    if choice.get("static"):
        pieces += ", static"
    if choice["way"] == PRUNE:
        return f"teacher cut to {choice['kept']:g} of its widths, {pieces}"
    shape = f"{choice['embedding']} → {choice['hidden']}"
    if "layers" in choice:
        shape += f" × {choice['layers']}" + (", attention" if choice["attention"] else "")
    return f"{choice['encoder']} {shape}, {pieces}"


def _encoder(choice: Choice, base: StudentConfig, recipe: Recipe) -> ComponentConfig:
    kind = choice["encoder"]
    fields: dict[str, Any] = {"embedding": choice["embedding"], "hidden": choice["hidden"]}
    if base.encoder.type == kind:
        fields["dropout"] = base.encoder.own_fields["dropout"]
    if "layers" in choice:
        form = forms()[kind]
        heads = form.heads if choice["attention"] or form.always_attends else 0
        fields |= {"layers": choice["layers"], "kernel": KERNEL, "heads": heads}
        window = base.encoder.own_fields.get("attention_window")
        if heads and window:
            fields["attention_window"] = window
    fields |= _students()[kind].student_fields(choice["hidden"])
    if recipe.encoder.own_fields.get("causal"):
        fields["causal"] = True
    return ComponentConfig(type=kind, **fields)


def _plain_student(recipe: Recipe) -> StudentConfig:
    """How a student is trained where the recipe does not say."""
    # Of the encoders the one that serves models of either kind.
    kind = next(name for name, form in forms().items() if len(form.causal) == 2)
    return StudentConfig(
        encoder=ComponentConfig(type=kind),
        distillation=DistillationConfig(soft_weight=0.9),
        training=TrainingConfig(
            epochs=30,
            batch_size=recipe.training.batch_size,
            learning_rate=0.004,
            ema_decay=0.999,
            token_dropout=0.02,
            patience=0,
            threads=recipe.training.threads,
        ),
    )


def _nearest(value: int, choices: tuple[int, ...]) -> int:
    return min(choices, key=lambda x: abs(x - value))
