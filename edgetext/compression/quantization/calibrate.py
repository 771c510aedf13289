"""Which values a network's convolutions see, and the fixed steps that they are rounded to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.layers.masking import window
from edgetext.models.quantized.fake import LIMIT, SMALLEST_STEP, STEPS, becomes_int8
from edgetext.models.quantized.static import Steps
from edgetext.training.dataset import Batch

Method = Literal["minmax", "percentile", "entropy"]
METHODS: tuple[Method, ...] = get_args(Method)
# The zero of an embedding's rows as unsigned integers.
MIDDLE = 128
# The share of a tensor's values that `percentile` lets be cut off.
CUT_OFF = 1e-4
# The bins of the histogram for `entropy`, and the integers that stand for the values.
BINS, LEVELS = 2048, 128


@dataclass(slots=True)
class _Seen:
    """width: of the windows. source: the layer whose outputs the inputs are, "" for the embedding,
    None otherwise."""

    width: int
    source: str | None = None
    inputs: list[np.ndarray] = field(default_factory=list)
    outputs: list[np.ndarray] = field(default_factory=list)


def calibrate(
    network: Network, batches: Iterable[Batch], method: Method = "percentile"
) -> dict[str, Steps]:
    """By the name of each Linear that convolves and becomes int8, in the order of their calls: its
    steps.

    method: how much of the values the steps cover. "minmax": all; "percentile": all but one in
    10,000; "entropy": as much as tells the least apart from what it was (Kullback-Leibler
    divergence, as in TensorRT; Migacz 2017). A causal convolution has no steps.
    """
    seen: dict[str, _Seen] = {}
    made: dict[int, tuple[str, Tensor]] = {}
    linears = {
        name: module
        for name, module in network.named_modules()
        if type(module) is nn.Linear and becomes_int8(module)
    }

    def watching(name: str, layer: nn.Linear) -> Any:
        def over_windows(x: Tensor, width: int, mask: Tensor | None, causal: bool) -> Tensor:
            y = torch.relu(layer(window(x, width, mask, causal)))
            if not causal:
                one = seen.setdefault(name, _Seen(width))
                one.source = made[id(x)][0] if id(x) in made else None
                real = torch.ones(x.shape[:2], dtype=torch.bool) if mask is None else mask
                one.inputs.append(x[real].flatten().numpy())
                one.outputs.append(y[real].flatten().numpy())
                made[id(y)] = name, y
            return y

        return over_windows

    def note_rows(module: nn.Module, ids: Any, rows: Tensor) -> None:
        made[id(rows)] = "", rows

    network.eval()
    hook = network.embedding.register_forward_hook(note_rows)
    for name, layer in linears.items():
        layer.over_windows = watching(name, layer)
    try:
        with torch.no_grad():
            for batch in batches:
                made.clear()
                network(batch.ids, batch.mask)
    finally:
        hook.remove()
        for layer in linears.values():
            del layer.over_windows
    found: dict[str, Steps] = {}
    for name, one in seen.items():
        inputs = np.concatenate(one.inputs)
        if one.source in found:
            scale, zero = found[one.source].output_scale, 0
        elif one.source == "":
            scale, zero = _reach(np.abs(inputs), method) / LIMIT, MIDDLE
        else:
            scale, zero = _between(inputs, method)
        output = _reach(np.concatenate(one.outputs), method) / STEPS
        found[name] = Steps(
            one.width, max(scale, SMALLEST_STEP), zero, max(output, SMALLEST_STEP), one.source == ""
        )
    return found


def _between(values: np.ndarray, method: Method) -> tuple[float, int]:
    """The step and the zero of values of both signs."""
    high = _reach(np.maximum(values, 0), method)
    low = _reach(np.maximum(-values, 0), method)
    scale = max((high + low) / STEPS, SMALLEST_STEP)
    return scale, round(low / scale)


def _reach(magnitudes: np.ndarray, method: Method) -> float:
    """The largest of the values, none negative, that still has an integer of its own."""
    largest = float(magnitudes.max(initial=0))
    if method == "minmax" or largest == 0:
        return largest
    if method == "percentile":
        return float(np.quantile(magnitudes, 1 - CUT_OFF))
    return _least_divergence(magnitudes, largest)


def _least_divergence(magnitudes: np.ndarray, largest: float) -> float:
    """Where to cut so that LEVELS integers tell the least apart from the values (Migacz 2017)."""
    # Zeros, of which a ReLU makes most values, keep their integer wherever the cut is.
    counts, edges = np.histogram(magnitudes[magnitudes > 0], bins=BINS, range=(0, largest))
    best, cut = np.inf, BINS
    for bins in range(LEVELS, BINS + 1, 16):
        wanted = counts[:bins].astype(np.float64)
        wanted[-1] += counts[bins:].sum()
        levels = np.arange(bins) * LEVELS // bins
        shown = counts[:bins] > 0
        total = np.bincount(levels, weights=counts[:bins], minlength=LEVELS)
        sharing = np.bincount(levels, weights=shown, minlength=LEVELS)
        spread = np.where(shown, (total / np.maximum(sharing, 1))[levels], 0)
        divergence = _divergence(wanted, spread)
        if divergence < best:
            best, cut = divergence, bins
    return float(edges[cut])


def _divergence(wanted: np.ndarray, found: np.ndarray) -> float:
    """Kullback-Leibler divergence of two histograms; infinite where the second lacks a value."""
    p, q = wanted / wanted.sum(), found / max(found.sum(), 1)
    there = p > 0
    if (q[there] == 0).any():
        # The values beyond the cut lie in a bin that had none: a smallest probability stands in.
        q = np.maximum(q, 1e-9)
    return float((p[there] * np.log(p[there] / q[there])).sum())
