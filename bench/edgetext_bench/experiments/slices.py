"""What each way to learn more from few texts is worth on a share of a recipe's training texts.

    python -m edgetext_bench.experiments.slices RECIPE… -o FOLDER [--share 0.2] [--only WAY]…

Of each recipe a teacher is trained as it is on the share and once for each way that its task and
its words have: words cut at random into other pieces, words that are sums of rows of n-grams (or
pieces where the recipe hashes them), pairs of words beside these, and made-up texts with exchanged
parts (or none where the recipe has them); and the recipe's student of the first teacher. With
--only "student, more epochs" there is one that has as many steps as all texts would give. Which
texts belong to the share depends on the texts alone; one more comes along for each label that none
of them has. Validation and test split are whole. What is in FOLDER is not trained again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.data.example import Example
from edgetext.data.split import kept_for_training, split_with
from edgetext.hyperparameters.space import as_yaml
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.tasks.learner import learner_of
from edgetext.tasks.task import task_of
from edgetext.training.distill import distill
from edgetext.training.run import train
from edgetext.training.splits import Splits, load_splits, with_augmentation

SPLITS = ("valid", "test")
BASE, STUDENT, LONGER = "as it is", "student", "student, more epochs"
# Words of a teacher that has room: CLINC150's recipe has the same.
HASHED = {"buckets": 8000, "lengths": [2, 3, 4]}
PIECES = 3000


@click.command()
@click.argument("recipes", nargs=-1, required=True)
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--share", type=click.FloatRange(0, 1, min_open=True), default=0.2)
@click.option("--seed", type=int, default=1)
@click.option("--only", multiple=True, help="ways, by their names in the table")
def main(
    recipes: Sequence[str], folder: Path, share: float, seed: int, only: Sequence[str]
) -> None:
    """Train what is missing, and print a table a recipe."""
    for name in recipes:
        recipe = Recipe.load(name, [f"seed={seed}"])
        if recipe.data is None:
            raise EdgetextError(f"{name} is of several tasks; give a recipe of each")
        metrics = task_of(recipe.task).monitor
        table = Table(title=name)
        table.add_column("way")
        for metric in metrics:
            for split in SPLITS:
                table.add_column(f"{metric.removeprefix('-')}, {split}", justify="right")
        place = folder / f"{Path(name).stem}-{share}-{seed}"
        place.mkdir(parents=True, exist_ok=True)
        for way, file in trained(name, recipe, place, share, only):
            stored = Model.load(file).header.metrics
            figures = (_figure(stored[split], metric) for metric in metrics for split in SPLITS)
            table.add_row(way, *figures)
        Console(width=120).print(table)


def _figure(stored: Mapping[str, float], metric: str) -> str:
    """Write a metric, of 100 where more is better: a perplexity as it is."""
    value = stored[metric.removeprefix("-")]
    return f"{value:.2f}" if metric.startswith("-") else f"{100 * value:.2f}"


def trained(
    name: str, recipe: Recipe, place: Path, share: float, only: Sequence[str] = ()
) -> Iterator[tuple[str, Path]]:
    """Give the checkpoint of each way, or of those in `only`, trained where it is not there."""
    kept = share_of(recipe, share)
    teachers, taught = ways(recipe, kept.train), students(recipe, share)
    chosen = only or [*teachers, STUDENT]
    for way in (each for each in (*teachers, *taught) if each in chosen):
        file = _file(place, way)
        if not file.exists():
            if way in taught:
                splits = with_augmentation(kept, taught[way])
                distill([Model.load(_file(place, BASE))], taught[way], splits=splits).save(file)
            else:
                changed = Recipe.load(name, [f"seed={recipe.seed}", *teachers[way]])
                model = _teacher(changed, kept, f"{name}, {way}")
                if model is None:
                    continue
                model.save(file)
        yield way, file


def _teacher(recipe: Recipe, kept: Splits, what: str) -> Model | None:
    """Train a teacher; None, and why, where the recipe refuses what the way changes: rules for
    words, for one, of which bytes tell nothing."""
    try:
        return train(recipe, splits=with_augmentation(kept, recipe))
    except StoppedError:
        raise
    except EdgetextError as error:
        click.echo(f"{what}: {error}")
        return None


def _file(place: Path, way: str) -> Path:
    return place / f"{way.replace(',', '').replace(' ', '-')}.pt"


def ways(recipe: Recipe, examples: Sequence[Example]) -> dict[str, list[str]]:
    """Give the fields that each way changes, by its name; examples: that are trained on."""
    each: dict[str, list[str]] = {BASE: []}
    hashed = recipe.text.hashed
    if hashed is None:
        each["segmentation"] = ["training.segmentation=0.1"]
    if learner_of(recipe.task).takes_hashed:
        kept = recipe.text.model_dump(exclude_unset=True, exclude={"hashed", "vocabulary"})
        rows = HASHED if hashed is None else hashed.model_dump(exclude={"pairs"})
        if hashed is None:
            each["hashed"] = [_text(kept, hashed=rows)]
        else:
            each["pieces"] = [_text(kept, vocabulary=PIECES)]
        each["pairs"] = [_text(kept, hashed={**rows, "pairs": True})]
    exchanged = _exchanged(examples)
    if recipe.data is not None and recipe.data.augment is not None:
        each["no augment"] = ["data.augment=null"]
    elif exchanged is not None:
        each["augment"] = [f"data.augment={as_yaml(exchanged)}"]
    return each


def _exchanged(examples: Sequence[Example]) -> dict[str, Any] | None:
    """Give the augmentation that puts parts of some texts into others; None where texts have no
    parts, or a text's own."""
    pairs = any(len(example.texts) > 1 for example in examples)
    if any(example.nodes for example in examples):
        return {"type": "subtrees", "probability": 0.2}
    if any(example.spans for example in examples):
        return None if pairs else {"type": "slots", "probability": 0.3}
    return {"type": "renamed", "probability": 0.3} if pairs else None


def _text(kept: Mapping[str, Any], **words: Any) -> str:
    return f"text={as_yaml({**kept, **words})}"


def students(recipe: Recipe, share: float) -> dict[str, Recipe]:
    """Give the recipe of each student, by its name; none where the recipe has none."""
    if recipe.student is None:
        return {}
    training = recipe.student.training
    longer = training.model_copy(update={"epochs": round(training.epochs / share)})
    student = recipe.student.model_copy(update={"training": longer})
    return {STUDENT: recipe, LONGER: recipe.model_copy(update={"student": student})}


def sliced(recipe: Recipe, share: float) -> Splits:
    """Read a recipe's splits, and keep a share of the training texts."""
    return with_augmentation(share_of(recipe, share), recipe)


def share_of(recipe: Recipe, share: float) -> Splits:
    """Give the same before anything is made up of the texts."""
    assert recipe.data is not None
    bare = recipe.data.model_copy(update={"augment": None})
    splits = load_splits(recipe.model_copy(update={"data": bare, "sampling_temperature": 1}))
    return replace(splits, train=shared(recipe.task, splits.train, share))


def shared(task: str, examples: Sequence[Example], share: float) -> list[Example]:
    """Keep a share of examples, by their texts, and one more of each label that they lack."""
    used = task_of(task).used
    labeled = ((_text_of(example), list(used(example))) for example in examples)
    extra = kept_for_training(labeled, 0, 1 - share)
    return [e for e in examples if split_with(_text_of(e), extra, 0, 1 - share) == "train"]


def _text_of(example: Example) -> str:
    return "\n".join(example.texts)


if __name__ == "__main__":
    try:
        main()
    except EdgetextError as error:
        raise SystemExit(f"slices: {error}") from error
