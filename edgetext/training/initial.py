"""`init: FILE`: a training that begins with the pieces and the encoder of another checkpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.sample import evenly
from edgetext.model.model import Model
from edgetext.models import Network
from edgetext.models.layers.norm import recentre
from edgetext.recipe import ComponentConfig, Recipe, TextConfig
from edgetext.recipe.components import completed
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import Labels
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.tokenization import Tokenization
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import BATCH_SIZE

# The texts by which normalizations learn what they see.
TEXTS = 512
# Fields of an encoder that may differ: what it has learned holds with others, too.
FREE = frozenset({"dropout", "normalize", "attention_window"})
# The parts of a network that are taken.
_PARTS = ("embedding.", "encoder.")


@dataclass(frozen=True, slots=True)
class Initial:
    """A checkpoint that a training begins with. field: what names it, in messages."""

    model: Model
    field: str

    @classmethod
    def of(cls, recipe: Recipe) -> Self | None:
        """Read the one that the recipe of a network names; None where it names none."""
        return cls._read(recipe, recipe.init, "init")

    @classmethod
    def of_student(cls, recipe: Recipe) -> Self | None:
        """Read the one that the recipe's student names; None where it names none."""
        named = recipe.student.init if recipe.student else None
        return cls._read(recipe, named, "student.init")

    @classmethod
    def _read(cls, recipe: Recipe, named: str | None, field: str) -> Self | None:
        """EdgetextError for a checkpoint with which no training can begin."""
        if named is None:
            return None
        model = Model.load(recipe.find(named))
        if model.header.quantized:
            raise EdgetextError(
                f"{field}: {model} is {model.header.variant}, and a training begins with float32 "
                "weights; name the checkpoint that it came from"
            )
        if isinstance(model.vocabulary, ImportedTokenizer):
            raise EdgetextError(
                f"{field}: {model} was imported; name its folder by "
                "`encoder: {type: pretrained, path: FOLDER}`"
            )
        return cls(model, field)

    @property
    def vocabulary(self) -> Tokenization:
        """The one that its embeddings are of."""
        return self.model.vocabulary

    def check(self, learner: Learner) -> None:
        """EdgetextError where its pieces cannot be those of a task."""
        hashed = isinstance(self.vocabulary, HashedWords)
        if learner.as_written or (hashed and not learner.takes_hashed):
            kind = "hashed words" if hashed else "folded pieces"
            raise EdgetextError(
                f"{self.field}: task {learner.task.name} needs pieces of its own, and {self.model} "
                f"has {kind}; leave {self.field} out"
            )

    def text(self, given: TextConfig, field: str) -> TextConfig:
        """Give its rules for texts, with the length that the recipe says.

        given: the recipe's, `field` of it. EdgetextError where they choose others.
        """
        rules = TextConfig.model_validate(self.model.header.recipe["text"])
        chosen = given.model_fields_set - {"max_bytes"}
        odd = [name for name in sorted(chosen) if getattr(given, name) != getattr(rules, name)]
        if odd:
            raise EdgetextError(
                f"{field}.{odd[0]}: the pieces are those of {self.model}, which has "
                f"{getattr(rules, odd[0])}; leave {field} out"
            )
        return rules.model_copy(update={"max_bytes": given.max_bytes})

    def load(self, network: Network) -> None:
        """Put its embeddings and its encoder into a fresh network, in place.

        EdgetextError where the network has another encoder.
        """
        tensors = {n: t for n, t in self.model.tensors.items() if n.startswith(_PARTS)}
        try:
            odd = network.load_state_dict(tensors, strict=False)
            names = [n for n in (*odd.missing_keys, *odd.unexpected_keys) if n.startswith(_PARTS)]
            fault = names[0] if names else ""
        except RuntimeError as error:
            fault = str(error).splitlines()[-1].strip()
        if fault:
            raise self._other_encoder(fault)

    def _check_fields(self, given: ComponentConfig) -> None:
        """EdgetextError for a field of an encoder that differs, as one may that no tensor shows."""
        # A file of an older edgetext lacks fields that came later.
        known = ComponentConfig(**self.model.header.recipe["encoder"])
        theirs = completed("encoder", known, str(self.model)).own_fields
        fields = given.own_fields
        odd = [name for name in theirs if name not in FREE and fields.get(name) != theirs[name]]
        if odd and given.type == known.type:
            mine, other = (json.dumps(each[odd[0]]) for each in (fields, theirs))
            raise self._other_encoder(f"{odd[0]}: {other}, not {mine}")

    def _other_encoder(self, fault: str) -> EdgetextError:
        where = self.field.replace("init", "encoder")
        return EdgetextError(
            f"{self.field}: {self.model} has another encoder than {where} ({fault}); give "
            f"{where} the fields that it has there: {_spelled(self.model)}"
        )

    @torch.no_grad()
    def begin(
        self,
        network: Network,
        examples: Sequence[Example],
        learner: Learner,
        labels: Labels,
        recipe: Recipe,
    ) -> None:
        """Load the fresh network of a recipe, and show it some training examples, by which its
        normalizations learn what they see.

        EdgetextError where it has another encoder.
        """
        self._check_fields(recipe.encoder)
        self.load(network)
        some, max_bytes = evenly(examples, TEXTS), recipe.text.max_bytes
        data = EncodedSet(some, learner, self.vocabulary, labels, max_bytes, False, training=True)
        network.eval()

        def run() -> None:
            for batch in data.in_order(BATCH_SIZE):
                network(batch.ids, batch.mask)

        recentre(network, run)
        network.train()


def _spelled(model: Model) -> str:
    """Write the encoder of a checkpoint as YAML in one line."""
    section: dict[str, Any] = model.header.recipe["encoder"]
    fields = (f"{name}: {json.dumps(value).strip(chr(34))}" for name, value in section.items())
    return "{" + ", ".join(fields) + "}"
