"""Which values a network's convolutions see, and the scales that they are rounded to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.layers.convolution import Convolution
from edgetext.models.layers.masking import window
from edgetext.models.layers.segments import Mask, inside
from edgetext.models.quantized.activations import UINT8_MAX
from edgetext.models.quantized.scheme import becomes_integers
from edgetext.models.quantized.static import StaticScales
from edgetext.models.quantized.weights import INT8_MAX, SMALLEST_SCALE
from edgetext.models.replacement import put_module
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
class Observed:
    """The values that a convolution took and gave at real pieces. width: of its windows. source:
    the layer whose outputs its inputs are, "" for the embedding, None otherwise."""

    width: int
    source: str | None = None
    inputs: list[np.ndarray] = field(default_factory=list)
    outputs: list[np.ndarray] = field(default_factory=list)


@dataclass(slots=True)
class Observations:
    """What the convolutions of a network see. layers: in the order of their first calls. sources:
    by the id of a tensor of the batch, which layer gave it; the tensor is kept so that no other
    takes its id."""

    layers: dict[str, Observed] = field(default_factory=dict)
    sources: dict[int, tuple[str, Tensor]] = field(default_factory=dict)

    def give(self, name: str, x: Tensor) -> None:
        """Note that the layer `name` gave x."""
        self.sources[id(x)] = name, x

    def source(self, x: Tensor) -> str | None:
        """Name the layer that gave x, where one of those observed did."""
        return self.sources[id(x)][0] if id(x) in self.sources else None


class Observer(Convolution):
    """Stands in the place of a Linear, answers as it does and notes what it convolves."""

    def __init__(self, name: str, layer: nn.Linear, observations: Observations) -> None:
        super().__init__()
        self.name = name
        self.layer = layer
        self.observations = observations

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x)
        return y

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        y = torch.relu(self.layer(window(x, width, mask, causal)))
        if not causal:
            seen = self.observations.layers.setdefault(self.name, Observed(width))
            seen.source = self.observations.source(x)
            kept = inside(mask)
            real = torch.ones(x.shape[:2], dtype=torch.bool) if kept is None else kept
            seen.inputs.append(x[real].flatten().numpy())
            seen.outputs.append(y[real].flatten().numpy())
            self.observations.give(self.name, y)
        return y


def calibrate(
    network: Network, batches: Iterable[Batch], method: Method = "percentile"
) -> dict[str, StaticScales]:
    """Calibrate each Linear that convolves and becomes integers: its scales by its name, in the
    order of their calls.

    method: how much of the values the scales cover. "minmax": all; "percentile": all but one in
    10,000; "entropy": as much as tells the least apart from what it was (Kullback-Leibler
    divergence, as in TensorRT; Migacz 2017). A causal convolution has no scales.
    """
    scales: dict[str, StaticScales] = {}
    for name, seen in observe(network, batches).layers.items():
        inputs = np.concatenate(seen.inputs)
        if seen.source in scales:
            scale, zero = scales[seen.source].output_scale, 0
        elif seen.source == "":
            scale, zero = _reach(np.abs(inputs), method) / INT8_MAX, MIDDLE
        else:
            scale, zero = _between(inputs, method)
        output = _reach(np.concatenate(seen.outputs), method) / UINT8_MAX
        scales[name] = StaticScales(
            seen.width,
            max(scale, SMALLEST_SCALE),
            zero,
            max(output, SMALLEST_SCALE),
            seen.source == "",
        )
    return scales


@torch.no_grad()
def observe(network: Network, batches: Iterable[Batch]) -> Observations:
    """Run the network on the batches and note what its convolutions see; it stays as it is, in
    evaluation mode."""
    network.eval()
    observations = Observations()

    def note_rows(module: nn.Module, ids: Any, rows: Tensor) -> None:
        observations.give("", rows)

    layers = {
        name: module
        for name, module in network.named_modules()
        if becomes_integers(module) and isinstance(module, nn.Linear)
    }
    hook = network.embedding.register_forward_hook(note_rows)
    for name, layer in layers.items():
        put_module(network, name, Observer(name, layer, observations).eval())
    try:
        for batch in batches:
            observations.sources.clear()
            network(batch.ids, batch.mask)
    finally:
        hook.remove()
        for name, layer in layers.items():
            put_module(network, name, layer)
    return observations


def _between(values: np.ndarray, method: Method) -> tuple[float, int]:
    """Give the scale and the zero of values of both signs."""
    high = _reach(np.maximum(values, 0), method)
    low = _reach(np.maximum(-values, 0), method)
    scale = max((high + low) / UINT8_MAX, SMALLEST_SCALE)
    return scale, round(low / scale)


def _reach(magnitudes: np.ndarray, method: Method) -> float:
    """Give the largest of the values, none negative, that still has an integer of its own."""
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
        values = counts[:bins].astype(np.float64)
        values[-1] += counts[bins:].sum()
        levels = np.arange(bins) * LEVELS // bins
        shown = counts[:bins] > 0
        total = np.bincount(levels, weights=counts[:bins], minlength=LEVELS)
        sharing = np.bincount(levels, weights=shown, minlength=LEVELS)
        spread = np.where(shown, (total / np.maximum(sharing, 1))[levels], 0)
        divergence = _divergence(values, spread)
        if divergence < best:
            best, cut = divergence, bins
    return float(edges[cut])


def _divergence(values: np.ndarray, levels: np.ndarray) -> float:
    """Give the Kullback-Leibler divergence of two histograms; large where the second lacks a
    value."""
    p, q = values / values.sum(), levels / max(levels.sum(), 1)
    there = p > 0
    if (q[there] == 0).any():
        # The values beyond the cut lie in a bin that had none: a smallest probability stands in.
        q = np.maximum(q, 1e-9)
    return float((p[there] * np.log(p[there] / q[there])).sum())
