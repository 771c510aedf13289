"""Whether a runtime gains by weights that are zero: a checkpoint with 2:4 sparsity, to be timed.

python -m edgetext_bench.experiments.zeros CHECKPOINT OUTPUT.pt
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import Tensor

from edgetext.model.checkpoint import Checkpoint


def two_of_four(weight: Tensor) -> Tensor:
    """float[N, K], K a multiple of 4: the two smaller magnitudes of each four in a row as zeros
    (Mishra et al. 2021, §2). What it answers then is worth nothing without training."""
    fours = weight.unflatten(1, (-1, 4))
    kept = torch.zeros_like(fours).scatter_(2, fours.abs().topk(2, dim=2).indices, 1.0)
    return (fours * kept).flatten(1)


def sparse(checkpoint: Checkpoint) -> Checkpoint:
    """The same with every matrix but the embedding thinned out, where its rows divide by four."""
    tensors = {
        name: two_of_four(tensor)
        if name.endswith(".weight")
        and not name.startswith("embedding")
        and tensor.dim() == 2
        and tensor.shape[1] % 4 == 0
        else tensor
        for name, tensor in checkpoint.tensors.items()
    }
    return Checkpoint(header=checkpoint.header, tensors=tensors)


if __name__ == "__main__":
    sparse(Checkpoint.load(Path(sys.argv[1]))).save(Path(sys.argv[2]))
