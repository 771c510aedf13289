"""What a quantized network is measured by: splits of a recipe, or the user's own texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.texts import read_texts
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.starter.starter import guess_for
from edgetext.tasks.prediction import Prediction
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import Judged, answers, judge
from edgetext.training.splits import load_split

# A file of texts without labels, a text a line.
UNLABELED = ".txt"
# The metric of such texts: the share that is answered as before.
AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """valid: what a choice is made by; test: what is reported, the same where a user gives one
    file. expected: the float32 network's answers to the test texts, where they have no labels."""

    valid: EncodedSet
    test: EncodedSet
    expected: Sequence[Prediction] | None = None

    @classmethod
    def of_recipe(cls, model: Model, recipe: Recipe) -> Self:
        """Take the splits of a recipe."""
        return cls(
            EncodedSet.of_model(model, load_split(recipe, "valid"), recipe.strict),
            EncodedSet.of_model(model, load_split(recipe, "test"), recipe.strict),
        )

    @classmethod
    def of_file(cls, model: Model, path: Path) -> Self:
        """Take a file of labeled examples, whose format is guessed, or of texts, a line each.

        EdgetextError where there is none in it, and for labels that the model does not have.
        """
        labeled = path.suffix != UNLABELED
        examples = (
            list(guess_for(model.header.task, path).reader().read(path, "test"))
            if labeled
            else _texts(path, len(model.learner.task.inputs))
        )
        if not examples:
            raise EdgetextError(f"{path}: there is no text in it to measure on")
        data = EncodedSet.of_model(model, examples, labeled)
        yardstick = cls(data, data)
        return yardstick if labeled else yardstick.by_agreement(model.network)

    def by_agreement(self, network: Any) -> Self:
        """Measure by the share of the test texts that is answered as by this network."""
        return type(self)(self.test, self.test, answers(network, self.test))

    def judged(self, network: Any, *, valid: bool = False) -> Judged:
        """Measure a network."""
        data = self.valid if valid else self.test
        if self.expected is None:
            return judge(network, data)
        same = data.learner.task.same
        pairs = zip(self.expected, answers(network, data), strict=True)
        return Judged({AGREEMENT: sum(same(*pair) for pair in pairs) / len(data)})


def _texts(path: Path, inputs: int) -> list[Example]:
    """The texts of a file; see data.texts.read_texts."""
    return [
        Example(texts[0], None, source=source, text_b=(*texts, None)[1])
        for source, texts in read_texts(path, inputs)
    ]
