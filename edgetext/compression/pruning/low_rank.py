"""The table of embeddings as the product of a narrower one and what its readers take in.

An encoder whose `embedding` is narrower than its `hidden` is ALBERT's factorisation already (Lan et
al. 2020, §3.1): V x r for the table, r x E in the first layer. What is left to gain is which r
directions a trained table keeps.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from edgetext.compression.pruning.structure import Axis, PrunableDim

TABLE = "embedding.weight"
# Of the covariance's trace: directions that no text uses cannot be divided by.
RIDGE = 1e-6


def by_importance(
    tensors: Mapping[str, Tensor], width: PrunableDim, counts: Tensor
) -> dict[str, Tensor] | None:
    """The same network with the table's columns in the order in which its readers need them.

    width: of the table's columns; counts: how often each piece occurs, int64[V]. Cutting the
    last columns then leaves the r-dimensional table from which the layers that read it can be
    rebuilt best, in the mean square over the pieces that occur: with C the pieces' second moments
    and W what reads them, the left singular vectors of C^(1/2) W (data-aware low rank, DRONE, Chen
    et al. 2021).

    None where something else than matrices reads the table, as a normalization does.
    """
    readers = [axis for axis in width.axes if axis.name != TABLE]
    if not readers or any(axis.axis != 1 or tensors[axis.name].dim() != 2 for axis in readers):
        return None
    table = tensors[TABLE].double()
    moments = table.T @ (table * counts.double()[:, None])
    moments += RIDGE * moments.trace() * torch.eye(len(moments))
    values, vectors = torch.linalg.eigh(moments)
    root = vectors * values.sqrt() @ vectors.T
    inverse = vectors * values.rsqrt() @ vectors.T
    read = torch.cat([_blocks(tensors[axis.name].double(), axis, width) for axis in readers])
    left = torch.linalg.svd(root @ read.T, full_matrices=False).U
    if left.shape[1] < len(moments):
        return None  # the readers have fewer outputs than the table columns
    ordered = dict(tensors)
    # Orthogonal columns of the root's inverse: the table's columns have equal size on the data, so
    # that they are told apart by what reads them.
    ordered[TABLE] = (table @ inverse @ left).float()
    for axis in readers:
        blocks = _blocks(tensors[axis.name].double(), axis, width) @ root @ left
        ordered[axis.name] = blocks.reshape(tensors[axis.name].shape).float()
    return ordered


def _blocks(weight: Tensor, axis: Axis, width: PrunableDim) -> Tensor:
    """float[N * blocks, E]: each block of a matrix [N, blocks * E] as rows."""
    return weight.reshape(len(weight) * axis.blocks, width.size)
