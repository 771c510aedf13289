"""`edgetext.prune`: the same network with fewer channels, layers or pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from edgetext.api.recipes import AnyPath, AnyRecipe, recipe_or_own
from edgetext.compression.pruning import prune as pruning
from edgetext.compression.pruning.prune import Pruned
from edgetext.compression.pruning.recover import recover
from edgetext.model.checkpoint import Checkpoint
from edgetext.training.splits import load_splits


@dataclass(frozen=True, slots=True)
class Recovered:
    """The checkpoint that was written to `path`, and what had been cut before it was trained."""

    checkpoint: Checkpoint
    path: Path
    cut: Pruned


def prune(
    model: AnyPath,
    output: AnyPath | None = None,
    *,
    ratio: float | None = None,
    keep: Mapping[str, int] | None = None,
    recipe: AnyRecipe | None = None,
    teacher: AnyPath | None = None,
    epochs: int = 5,
    qat_epochs: int = 2,
    learning_rate: float = 3e-4,
    resume: bool = False,
    after_cut: Callable[[Pruned], None] = lambda cut: None,
) -> Recovered:
    """Cut the least important rows of a checkpoint, train what is left, and write it.

    output: the file to write; by default NAME-pruned.pt beside the model. ratio: the share of every
    width that goes; or keep: what stays, by field, as {"hidden": 64, "vocabulary": 1500}. recipe:
    whose data decides what matters; by default the model's. teacher: whose answers the recovery
    training learns from; by default the model's own. epochs: of that training, 0 for none;
    qat_epochs: the last of them, in which it rounds as its int8 form will. learning_rate: of
    it. after_cut: called before that training. EdgetextError for what cannot be cut.

    >>> edgetext.prune("snips_joint.pt", ratio=0.5).checkpoint.header.metrics["test"]
    """
    source = Path(model)
    splits = load_splits(recipe_or_own(recipe, source))
    cut = pruning.prune(source, keep, ratio, splits)
    after_cut(cut)
    path = pruned_path(source) if output is None else Path(output)
    if not epochs:
        cut.checkpoint.save(path)
        return Recovered(cut.checkpoint, path, cut)
    trained = recover(
        source if teacher is None else Path(teacher), cut.checkpoint, path, epochs, learning_rate,
        splits, resume, qat_epochs=min(qat_epochs, epochs - 1),
    )  # fmt: skip
    return Recovered(trained, path, cut)


def pruned_path(model: Path) -> Path:
    """Return where `prune` writes by default."""
    return model.with_name(f"{model.stem}-pruned.pt")
