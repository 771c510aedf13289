"""Where a model stands beside a linear one, trained on the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgetext.core.errors import EdgetextError
from edgetext.recipe import Recipe
from edgetext.tasks.answers.multi import PARTS
from edgetext.tasks.task import Task, task_of
from edgetext.training.linear import LinearScore, check_installed, linear_score
from edgetext.training.splits import Splits, load_splits, specs_of
from edgetext.training.streaming import held


@dataclass(frozen=True, slots=True)
class Standing:
    """A linear model and the trained one on the same split.

    linear: None where there are too many labels for one. model: the trained one's metric, 0 to 1.
    to_try: what may bring the model further, most likely first.
    """

    metric: str
    linear: LinearScore | None
    model: float
    to_try: Sequence[str]

    @property
    def sentence(self) -> str:
        """Say which of both is ahead, by how much, and what to try where it is the linear one."""
        name = self.metric.replace("_", " ")
        if self.linear is None:
            return f"of so many labels no linear model was trained, so {name} stands alone"
        linear, model = (f"{100 * x:.2f}" for x in (self.linear.value, self.model))
        points = round(100 * (self.model - self.linear.value), 2)
        side = "above" if points > 0 else "below"
        where = f"{abs(points):.2f} points {side}" if points else "no better"
        part = ""
        if self.linear.learnt < self.linear.given:
            part = f", on {self.linear.learnt:,} of {self.linear.given:,} texts,"
        line = (
            f"a linear model (TF-IDF, SVM){part} reaches {name} {linear} "
            f"on the test split; this one {model}, {where}"
        )
        return line if points > 0 or self.model == 1 else f"{line}; try {_any_of(self.to_try)}"


def check_baseline(recipe: Recipe) -> None:
    """EdgetextError for a task that gives no text a label, and where scikit-learn is missing."""
    if not _task(recipe).labeled_texts([]):
        raise EdgetextError(
            f"task {recipe.task} gives no text a label of its own, which is what a linear model "
            "learns; leave out --baseline"
        )
    check_installed()


def standings(
    recipe: Recipe, metrics: Mapping[str, float], splits: Splits | None = None
) -> list[Standing]:
    """Train a linear model a label that the recipe's task gives a text, and measure it on the test
    split; metrics: the trained model's there. splits: the recipe's data, where it was read already.

    EdgetextError: see check_baseline.
    """
    check_baseline(recipe)
    splits, task = splits or load_splits(recipe), _task(recipe)
    train, test = task.labeled_texts(held(splits.train)), task.labeled_texts(splits.test)
    return [
        Standing(
            metric,
            linear_score(train[metric], test[metric], recipe.seed),
            metrics[metric],
            worth_trying(recipe),
        )
        for metric in train
    ]


def worth_trying(recipe: Recipe) -> list[str]:
    """List what may bring a recipe's model further, of which it has not all already."""
    text = recipe.text
    tries = []
    if not recipe.training.r_drop:
        tries.append("`training.r_drop: 1`")
    # Published weights have pieces of their own, and hashed words fold the accents of none.
    if text.hashed is None and not text.keep_accents and not _is_pretrained(recipe):
        tries.append("hashed words (`text.hashed: {}`)")
    return [*tries, "more epochs (`training.epochs`)", "a larger `encoder`"]


def _is_pretrained(recipe: Recipe) -> bool:
    return recipe.encoder.type == "pretrained"


def _any_of(tries: Sequence[str]) -> str:
    return " or ".join([", ".join(tries[:-1]), tries[-1]])


def _task(recipe: Recipe) -> Task:  # type: ignore[type-arg]
    parts = list(specs_of(recipe).values())
    return task_of(recipe.task, {PARTS: parts} if parts else None)
