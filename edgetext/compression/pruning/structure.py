"""Which rows and columns of a network belong to a width of its recipe, found by building it twice.

A field such as `encoder.hidden` decides the shapes of many tensors. Building the network on the
meta device with the field at its size and at a smaller one shows which axes follow it, for any
encoder or head, a user's own included: an axis of a * d entries is a blocks of the d channels, as
the gates of an LSTM, the pieces of a window or queries, keys and values side by side are. A width
that shares an axis with another is left alone: shapes don't tell whose entries are whose.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.models import build_network
from edgetext.registry import lookup

Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Axis:
    """Axis `axis` of the tensor `name`: `blocks` times all channels, one block after another.

    each: entries of a channel in a block, side by side, as those of an attention's head.
    """

    name: str
    axis: int
    blocks: int
    each: int = 1


@dataclass(frozen=True, slots=True)
class PrunableDim:
    """A field of the recipe ("encoder.hidden"), its channels and the axes that hold them.

    groups: channels that must stay as many each, side by side, as the heads of an attention.
    """

    field: str
    size: int
    axes: tuple[Axis, ...]
    groups: int


def widths(
    model: Mapping[str, Any], vocabulary_size: int, labels: Mapping[str, Sequence[str]]
) -> list[PrunableDim]:
    """The widths of a resolved recipe's encoder and head that can shrink, in the recipe's order."""
    all_widths = []
    encoder: Any = lookup("encoder", model["encoder"]["type"])
    fixed_fields = getattr(encoder, "fixed_fields", ())
    for section in ("encoder", "head"):
        for name, value in model[section].items():
            fixed = section == "encoder" and name in fixed_fields
            if isinstance(value, int) and not isinstance(value, bool) and value > 1 and not fixed:
                width = width_of(f"{section}.{name}", model, vocabulary_size, labels)
                if width is not None:
                    all_widths.append(width)
    return all_widths


def width_of(
    field: str,
    model: Mapping[str, Any],
    vocabulary_size: int,
    labels: Mapping[str, Sequence[str]],
) -> PrunableDim | None:
    """The width that a field is; None when it decides no shape, or more than shapes."""
    size = value_of(model, field)
    groups = _groups(model, field)
    smaller = size - groups if size > groups else None
    if smaller is None:
        return None
    try:
        whole = shapes(model, vocabulary_size, labels)
        less = shapes(with_value(model, field, smaller), vocabulary_size, labels)
    except (EdgetextError, ValueError, RuntimeError):
        return None  # a smaller value breaks a rule of the component: it is not free to shrink
    if whole.keys() != less.keys():
        return None  # layers, not channels
    axes = []
    each = int(model["encoder"].get("head_width") or 1) if field == "encoder.heads" else 1
    for name, shape in whole.items():
        for axis, (long, short) in enumerate(zip(shape, less[name], strict=True)):
            if long == short:
                continue
            blocks, rest = divmod(long, size)
            if rest or short != blocks * smaller:
                return None
            # A value a head, as a score of a distance is, has an axis of one entry a channel.
            apart = each if blocks % each == 0 else 1
            axes.append(Axis(name, axis, blocks // apart, apart))
    return PrunableDim(field, size, tuple(axes), groups) if axes else None


def shapes(
    model: Mapping[str, Any], vocabulary_size: int, labels: Mapping[str, Sequence[str]]
) -> Shapes:
    """The shape of each tensor of a network; nothing is allocated."""
    with torch.device("meta"):
        network = build_network(model, vocabulary_size, labels)
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def cut(tensors: Mapping[str, Tensor], width: PrunableDim, kept: Tensor) -> dict[str, Tensor]:
    """The tensors with the channels `kept` int64[k] of a width alone, in their order."""
    result = dict(tensors)
    for axis in width.axes:
        result[axis.name] = result[axis.name].index_select(axis.axis, rows(width, axis, kept))
    return result


def rows(width: PrunableDim, axis: Axis, channels: Tensor) -> Tensor:
    """int64[blocks * k]: where the channels stand along an axis."""
    offsets = torch.arange(axis.blocks) * width.size
    places = (offsets[:, None] + channels[None, :]).reshape(-1)
    return (places[:, None] * axis.each + torch.arange(axis.each)).reshape(-1)


def per_channel(tensors: Mapping[str, Tensor], width: PrunableDim) -> Tensor:
    """float64[size]: the sum over all that belongs to each channel of a width."""
    total = torch.zeros(width.size, dtype=torch.float64)
    for axis in width.axes:
        tensor = tensors[axis.name].double().transpose(0, axis.axis)
        parts = tensor.reshape(axis.blocks, width.size, axis.each, -1)
        total += parts.sum(dim=(0, 2, 3))
    return total


def value_of(model: Mapping[str, Any], field: str) -> Any:
    """The value of a dotted field; EdgetextError when there is none."""
    value: Any = model
    for part in field.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise EdgetextError(f"{field}: the model's recipe has no such field")
        value = value[part]
    return value


def with_value(model: Mapping[str, Any], field: str, value: Any) -> dict[str, Any]:
    """A copy of the recipe with another value in a dotted field."""
    changed = copy.deepcopy(dict(model))
    *parents, last = field.split(".")
    section: Any = changed
    for part in parents:
        section = section[part]
    section[last] = value
    return changed


def _groups(model: Mapping[str, Any], field: str) -> int:
    """An encoder's hidden channels are divided among its heads, and each keeps as many."""
    heads = model["encoder"].get("heads") if field == "encoder.hidden" else None
    return heads if isinstance(heads, int) and heads > 0 else 1


def fields_of(all_widths: Sequence[PrunableDim]) -> Iterator[str]:
    """The names that `--keep` takes: without `encoder.`, which is the usual case."""
    for width in all_widths:
        yield width.field.removeprefix("encoder.")
