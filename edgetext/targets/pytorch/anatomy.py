"""Where the bytes of a checkpoint are."""

from __future__ import annotations

from collections import defaultdict

from edgetext.model.checkpoint import Checkpoint


def of_checkpoint(checkpoint: Checkpoint) -> list[tuple[str, int]]:
    """Return (layer, bytes of its tensors), the largest first."""
    sizes: dict[str, int] = defaultdict(int)
    for name, tensor in checkpoint.tensors.items():
        sizes[name.rpartition(".")[0]] += tensor.numel() * tensor.element_size()
    return sorted(sizes.items(), key=lambda item: -item[1])
