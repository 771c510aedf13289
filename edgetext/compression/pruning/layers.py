"""An encoder with its most important layers alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from edgetext.compression.pruning.importance import of_weights
from edgetext.compression.pruning.structure import shapes, value_of, with_value
from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network
from edgetext.recipe import Recipe
from edgetext.training.dataset import EncodedSet

_IN_LIST = re.compile(r"\.(\d+)\.")


def cut_layers(checkpoint: Checkpoint, seen: EncodedSet, recipe: Recipe, size: int) -> Checkpoint:
    """Keep the `size` layers of the encoder that matter most and whose shapes fit together.

    seen: what they are measured on, by `recipe`. EdgetextError where no so many fit.
    """
    header = checkpoint.header
    model, labels, pieces = header.recipe, header.labels, len(header.pieces)
    now = int(value_of(model, "encoder.layers"))
    if size == now:
        return checkpoint
    try:
        needed = shapes(with_layers(model, range(size)), pieces, labels)
    except ValueError as error:
        raise EdgetextError(f"--keep layers={size}: {error}") from error
    stacked = {
        name: match
        for name in checkpoint.tensors
        if (match := _IN_LIST.search(name)) and name not in needed
    }
    prefixes = {name[: match.start()] for name, match in stacked.items()}
    single = of_weights(load_network(checkpoint), seen, recipe.training, recipe.seed)
    weights = [0.0] * now
    for name, value in single.items():
        match = _IN_LIST.search(name)
        if match and name[: match.start()] in prefixes:
            weights[int(match.group(1))] += float(value.sum())
    choices = sorted(
        itertools.combinations(range(now), size), key=lambda kept: -sum(weights[i] for i in kept)
    )
    for kept in choices:
        tensors = _renumbered(checkpoint.tensors, prefixes, kept)
        if {name: tuple(t.shape) for name, t in tensors.items()} == needed:
            return Checkpoint(replace(header, recipe=with_layers(model, kept)), tensors)
    raise EdgetextError(f"--keep layers={size}: no {size} of the {now} layers fit together")


def with_layers(model: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Give a recipe's copy whose encoder has these of its layers, in their order; a field that has
    a value for each layer keeps theirs."""
    encoder = model["encoder"]
    changed = with_value(model, "encoder.layers", len(kept))
    for name, value in encoder.items():
        if isinstance(value, list) and len(value) == encoder["layers"]:
            changed["encoder"][name] = [value[layer] for layer in kept]
    return changed


def _renumbered(
    tensors: Mapping[str, Tensor], prefixes: set[str], kept: Sequence[int]
) -> dict[str, Tensor]:
    new = {old: i for i, old in enumerate(kept)}
    result = {}
    for name, tensor in tensors.items():
        match = _IN_LIST.search(name)
        if match is None or name[: match.start()] not in prefixes:
            result[name] = tensor
        elif int(match.group(1)) in new:
            number = new[int(match.group(1))]
            result[f"{name[: match.start()]}.{number}.{name[match.end() :]}"] = tensor
    return result
