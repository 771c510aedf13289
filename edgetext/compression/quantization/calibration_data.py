"""The texts that activations are calibrated on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.integers import ceil_div
from edgetext.data.example import Example
from edgetext.model.header import Header
from edgetext.recipe import Recipe
from edgetext.starter.starter import guess_for
from edgetext.tasks.learner import learner_of
from edgetext.training.dataset import EncodedSet, check_known
from edgetext.training.splits import load_split

# More change no step; they only take time.
TEXTS = 512
# The kinds of labels without any of which data are another task's.
_LABELED = ("intent", "slots")


def calibration_set(header: Header, recipe: Recipe, source: str | None) -> EncodedSet:
    """At most TEXTS texts, evenly out of all, as the checkpoint with this header reads them.

    source: a recipe, whose training split is taken, or a data file; by default `recipe`.
    EdgetextError when they are not of the checkpoint's task or have other labels than it.
    """
    name = source or f"recipe {recipe.name}"
    if (
        source is not None
        and Path(source).suffix not in (".yaml", ".yml")
        and Path(source).exists()
    ):
        examples = _of_file(Path(source), header.task)
    else:
        loaded = recipe if source is None else Recipe.load(source)
        if loaded.task != header.task:
            raise EdgetextError(
                f"{name}: a recipe of task {loaded.task} cannot calibrate a model of task "
                f"{header.task}; give data of that task"
            )
        examples = load_split(loaded, "train")
    learner = learner_of(header.task, header.labels, header.calibration)
    task = learner.task
    known = {kind: set(names) for kind, names in learner.names(header.labels).items()}
    strict = source is not None or recipe.strict
    if strict:
        for example in examples:
            _check(example, task, known, name)
    seen = {kind for example in examples for kind, _, _ in task.used(example)}
    for kind, labels in known.items():
        if labels and kind not in seen and kind.rpartition(".")[2] in _LABELED:
            raise EdgetextError(
                f"{name}: no text has a label of kind {kind}, which task {header.task} learns; "
                "calibrate on data of the model's task"
            )
    return sampled(header, examples, strict)


def sampled(header: Header, examples: Sequence[Example], strict: bool = True) -> EncodedSet:
    """At most TEXTS of the examples, evenly out of all, as the checkpoint reads them."""
    step = max(1, ceil_div(len(examples), TEXTS))
    return EncodedSet.of(header, examples[::step], strict)


def _of_file(path: Path, task: str) -> Sequence[Example]:
    examples = list(guess_for(task, path).reader().read(path, "train"))
    if not examples:
        raise EdgetextError(f"{path}: there are no examples to calibrate on")
    return examples


def _check(example: Example, task: Any, known: Mapping[str, set[str]], name: str) -> None:
    try:
        check_known(example, task, known)
    except EdgetextError:
        _, word, label = next(x for x in task.used(example) if x[2] not in known[x[0]])
        raise EdgetextError(
            f"{example.source or name}: the model does not know the {word} {label!r}; calibrate on "
            "data of the model's own labels"
        ) from None
