"""What each layer's rounding alone does to a network's outputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from edgetext.compression.quantization.precision import Precision
from edgetext.models import Network
from edgetext.models.replacement import is_leaf, put_module
from edgetext.training.dataset import Batch


def sensitivity(
    network: Network, precision: Precision, batches: Iterable[Batch]
) -> dict[str, float]:
    """Measure what each layer that `precision` changes does to the outputs when it alone is
    changed: by its name, the error's root mean square over the outputs', at real pieces."""
    batches = list(batches)
    exact = _outputs(network, batches)
    size = sum(float(x.square().sum()) for x in exact)
    errors = {}
    for name, module in list(network.named_modules()):
        if not is_leaf(module):
            continue
        replacement = precision.replacement(name, module)
        if replacement is module:
            continue
        put_module(network, name, replacement.eval())
        try:
            outputs = _outputs(network, batches)
        finally:
            put_module(network, name, module)
        squares = sum(float((x - y).square().sum()) for x, y in zip(outputs, exact, strict=True))
        errors[name] = (squares / size) ** 0.5 if size else 0.0
    return errors


@torch.no_grad()
def _outputs(network: Network, batches: Sequence[Batch]) -> list[Tensor]:
    """Give each score of the batches, of pieces at real pieces alone."""
    network.eval()
    outputs = []
    for batch in batches:
        for scores in network(batch.ids, batch.mask).values():
            by_piece = scores.dim() > 2 and scores.shape[:2] == batch.mask.shape
            outputs.append(scores[batch.mask] if by_piece else scores)
    return outputs
