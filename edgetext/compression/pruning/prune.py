"""`prune`: a checkpoint without its least important channels, layers and pieces.

What goes is gone: tensors, text graph and file shrink, and so does the time, unlike with a mask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from edgetext.compression.pruning.importance import of_channels
from edgetext.compression.pruning.layers import cut_layers
from edgetext.compression.pruning.low_rank import by_importance
from edgetext.compression.pruning.structure import (
    PrunableDim,
    cut,
    fields_of,
    shapes,
    value_of,
    width_of,
    widths,
    with_value,
)
from edgetext.compression.pruning.vocabulary import USED, cut_vocabulary
from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.history import next_header
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.model.variants import PRUNED
from edgetext.models import Network
from edgetext.recipe import Recipe
from edgetext.tasks.metrics import worst
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.tokenization import read_tokenization
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge
from edgetext.training.splits import Splits, load_splits
from edgetext.training.streaming import held

VOCABULARY, LAYERS = "vocabulary", "layers"
EMBEDDING = "encoder.embedding"


@dataclass(frozen=True, slots=True)
class Recut:
    """texts: how many have more pieces than before, of `of`; pieces: of all, before and after."""

    texts: int
    of: int
    pieces: tuple[int, int]

    @classmethod
    def between(cls, before: Tensor, after: Tensor) -> Recut:
        """before, after: int64[N], the pieces of each text."""
        texts = int((before != after).sum())
        return cls(texts, len(before), (int(before.sum()), int(after.sum())))


@dataclass(frozen=True, slots=True)
class Pruned:
    """The smaller model; (field, before, after) of each change; parameters and metrics.

    Metrics are 0 to 1, before and after, without any training in between. recut: what a smaller
    vocabulary makes of the texts that they are of.
    """

    model: Model
    changes: list[tuple[str, int, int]]
    parameters: tuple[int, int]
    before: dict[str, float]
    after: dict[str, float] = field(default_factory=dict)
    recut: Recut | None = None


def prune(
    model: Model,
    keep: Mapping[str, int] | None = None,
    ratio: float | None = None,
    splits: Splits | None = None,
    judged: str = "test",
) -> Pruned:
    """Make a model smaller.

    keep: how much stays, by field: "hidden", "embedding", "feed_forward", "head.hidden" and
    whatever else decides widths; "layers"; "vocabulary", in pieces, or USED. ratio: instead, the
    share of every width that goes. splits: the data that decides what matters; by default the
    model's. judged: the split whose metrics are given.

    EdgetextError for a quantized model, an unknown field, and what would empty a layer.
    """
    checkpoint, header = model.checkpoint(), model.header
    if header.quantized:
        raise EdgetextError(
            f"{model}: an {header.variant} checkpoint cannot be pruned; prune the one that it "
            "came from, then quantize"
        )
    recipe = model.recipe()
    sizes = _sizes(checkpoint, keep, ratio)
    splits = splits or load_splits(recipe)
    asked = getattr(splits, judged)
    whole = EncodedSet.of_model(model, asked, recipe.strict)
    before = judge(model.network, whole).metrics

    pruned = checkpoint
    if VOCABULARY in sizes:
        pruned = cut_vocabulary(pruned, held(splits.train), sizes[VOCABULARY])
    seen = EncodedSet.of(pruned.header, held(splits.train), recipe.strict)
    if LAYERS in sizes:
        pruned = cut_layers(pruned, seen, recipe, sizes[LAYERS])
    channels = {name: size for name, size in sizes.items() if name not in (VOCABULARY, LAYERS)}
    pruned = _cut_widths(pruned, seen, recipe, channels)

    smaller = Model.of(pruned)
    less = EncodedSet.of_model(smaller, asked, recipe.strict)
    judged_after = judge(smaller.network, less)
    after = judged_after.metrics
    lowest = worst(judged_after.classes)
    header = next_header(smaller.header, model.digest(), PRUNED, {judged: after}, lowest)
    changes = [(name, _size(checkpoint, name), _size(pruned, name)) for name in sizes]
    parameters = (_count(model.network), _count(smaller.network))
    recut = Recut.between(whole.length, less.length) if VOCABULARY in sizes else None
    return Pruned(replace(smaller, header=header), changes, parameters, before, after, recut)


def parse_keep(text: str) -> dict[str, int]:
    """ "hidden=64,vocabulary=1500" as {field: size}; EdgetextError for anything else."""
    sizes = {}
    for part in text.split(","):
        name, equals, size = (x.strip() for x in part.partition("="))
        if (name, size) == (VOCABULARY, "used"):
            sizes[name] = USED
            continue
        if not equals or not name or not size.isdigit() or int(size) < 1:
            raise EdgetextError(
                f"--keep {part}: give a field and how much of it stays, as in hidden=64"
            )
        sizes[name] = int(size)
    return sizes


def _sizes(
    checkpoint: Checkpoint, keep: Mapping[str, int] | None, ratio: float | None
) -> dict[str, int]:
    """Field -> size, checked against the model."""
    model, labels, pieces = _model(checkpoint)
    all_widths = widths(model, pieces, labels)
    if ratio is not None:
        return {width.field: _after_ratio(width, ratio) for width in all_widths}
    sizes: dict[str, int] = {}
    known = [*fields_of(all_widths), LAYERS, VOCABULARY]
    for name, size in (keep or {}).items():
        if name not in known:
            raise EdgetextError(
                f"--keep {name}: this model has no such width{nearest(name, known)} "
                f"(known: {', '.join(known)})"
            )
        key = name if name in (LAYERS, VOCABULARY) else _full(name)
        now = _size(checkpoint, key)
        if size > now:
            raise EdgetextError(f"--keep {name}={size}: there are only {now}; keep fewer")
        width = next((w for w in all_widths if w.field == key), None)
        if width is not None and size % width.groups:
            raise EdgetextError(
                f"--keep {name}={size}: each of the {width.groups} heads keeps as many; give a "
                f"multiple of {width.groups}"
            )
        sizes[key] = size
    return sizes


def _after_ratio(width: PrunableDim, ratio: float) -> int:
    size = round(width.size * (1 - ratio) / width.groups) * width.groups
    if size < 1:
        raise EdgetextError(
            f"--ratio {ratio:g}: nothing would be left of {width.field}, which has {width.size}; "
            "give a smaller ratio"
        )
    return size


def _cut_widths(
    checkpoint: Checkpoint, seen: EncodedSet, recipe: Recipe, sizes: Mapping[str, int]
) -> Checkpoint:
    """One after the other, the importance measured anew: channels stand in for each other."""
    for name, size in sizes.items():
        model, labels, pieces = _model(checkpoint)
        width = width_of(name, model, pieces, labels)
        if width is None or size == width.size:
            continue
        ordered = _ordered(checkpoint, width, seen) if name == EMBEDDING else None
        if ordered is not None:
            checkpoint, kept = ordered, torch.arange(size)
        else:
            scores = of_channels(
                load_network(checkpoint), seen, [width], recipe.training, recipe.seed
            )
            kept = _best(scores[name], size, width.groups)
        smaller = with_value(model, name, size)
        if shapes(smaller, pieces, labels).keys() != checkpoint.tensors.keys():
            raise EdgetextError(
                f"{name}={size}: at this size the network has other layers; keep "
                f"{size + width.groups}"
            )
        checkpoint = _changed(checkpoint, smaller, cut(checkpoint.tensors, width, kept))
    return checkpoint


def _ordered(checkpoint: Checkpoint, width: PrunableDim, seen: EncodedSet) -> Checkpoint | None:
    """The same network, the embedding's columns by importance; None where that cannot be: an
    encoder may do more with them than multiply."""
    model, _, pieces = _model(checkpoint)
    if isinstance(read_tokenization(checkpoint.header.vocabulary), HashedWords):
        return None  # what its readers take are sums of rows
    counts = torch.bincount(seen.ids.values, minlength=pieces)
    tensors = by_importance(checkpoint.tensors, width, counts)
    if tensors is None:
        return None
    changed = _changed(checkpoint, model, tensors)
    batch = seen.batch(torch.arange(min(8, len(seen))))
    with torch.no_grad():
        old, new = (load_network(x)(batch.ids, batch.mask) for x in (checkpoint, changed))
    same = all(torch.allclose(old[name], new[name], rtol=1e-3, atol=1e-3) for name in old)
    return changed if same else None


def _best(scores: Tensor, size: int, groups: int) -> Tensor:
    """The channels with the largest scores, as many of each group, in their order."""
    each = scores.reshape(groups, -1).topk(size // groups, dim=1).indices
    offsets = torch.arange(groups)[:, None] * (len(scores) // groups)
    return (each + offsets).reshape(-1).sort().values


def _model(checkpoint: Checkpoint) -> tuple[dict[str, Any], dict[str, list[str]], int]:
    header = checkpoint.header
    return header.recipe, header.labels, len(header.pieces)


def _changed(
    checkpoint: Checkpoint, recipe: dict[str, Any], tensors: Mapping[str, Tensor]
) -> Checkpoint:
    return Checkpoint(replace(checkpoint.header, recipe=recipe), dict(tensors))


def _full(name: str) -> str:
    return name if name.startswith("head.") else f"encoder.{name}"


def _size(checkpoint: Checkpoint, name: str) -> int:
    model, _, pieces = _model(checkpoint)
    if name == VOCABULARY:
        return pieces
    return int(value_of(model, "encoder.layers" if name == LAYERS else name))


def _count(network: Network) -> int:
    return sum(p.numel() for p in network.parameters())
