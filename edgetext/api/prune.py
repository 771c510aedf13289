"""`edgetext.prune`: the same network with fewer channels, layers or pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from edgetext.api.given import AnyModel, AnyPath, AnyRecipe, as_model, recipe_or_own
from edgetext.compression.pruning import prune as pruning
from edgetext.compression.pruning.prune import Pruned
from edgetext.compression.pruning.recover import recover
from edgetext.model.model import Model
from edgetext.training.splits import load_splits


@dataclass(frozen=True, slots=True)
class Recovered:
    """The model in the end, and what had been cut before it was trained."""

    model: Model
    cut: Pruned


def prune(
    model: AnyModel,
    *,
    ratio: float | None = None,
    keep: Mapping[str, int] | None = None,
    recipe: AnyRecipe | None = None,
    teacher: AnyModel | None = None,
    epochs: int = 5,
    qat_epochs: int = 2,
    learning_rate: float = 3e-4,
    state: AnyPath | None = None,
    resume: bool = False,
    after_cut: Callable[[Pruned], None] = lambda cut: None,
) -> Recovered:
    """Cut the least important rows of a model, one that was imported too, and train what is left.

    ratio: the share of every width that goes; or keep: what stays, by field, as {"hidden": 64,
    "vocabulary": 1500}. recipe: whose data decides what matters; by default the model's. teacher:
    whose answers the recovery training learns from; by default the model's own. epochs: of that
    training, 0 for none; qat_epochs: the last of them, in which it rounds as its int8 form will;
    learning_rate: of it; state: a file in which it waits if it is interrupted; resume: go on from
    there. after_cut: called before that training. EdgetextError for what cannot be cut.

    >>> edgetext.prune("snips_joint.pt", ratio=0.5).model.header.metrics["test"]
    """
    whole = as_model(model)
    given = recipe_or_own(recipe, whole)
    splits = load_splits(given)
    whole = whole.with_data_of(given)
    cut = pruning.prune(whole, keep, ratio, splits)
    after_cut(cut)
    if not epochs:
        return Recovered(cut.model, cut)
    trained = recover(
        cut.model,
        whole if teacher is None else as_model(teacher),
        epochs,
        learning_rate,
        splits,
        None if state is None else Path(state),
        resume,
        qat_epochs=min(qat_epochs, epochs - 1),
    )
    return Recovered(trained, cut)


def pruned_path(model: Path) -> Path:
    """Return where the command `prune` writes by default."""
    return model.with_name(f"{model.stem}-pruned.pt")
