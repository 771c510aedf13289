"""What torch's decompositions leave as it is or rename, for those that write nodes in their
place."""

from __future__ import annotations

import torch
from torch._export.utils import _is_preservable_cia_op
from torch._ops import OpOverload

aten = torch.ops.aten
# Operators that have another name where the first is not, and are else the same.
RENAMED = {
    aten.__and__.Scalar: aten.bitwise_and.Scalar,
    aten.__and__.Tensor: aten.bitwise_and.Tensor,
    aten.__or__.Tensor: aten.bitwise_or.Tensor,
}


def stays(target: OpOverload) -> bool:
    """Whether torch's decomposition keeps an operator that its table has not: one that changes
    nothing in place, and is not made of others or is kept although it is."""
    if target._schema.is_mutable:
        return False
    made_of_others = torch._C._dispatch_has_kernel_for_dispatch_key(
        target.name(), torch._C.DispatchKey.CompositeImplicitAutograd
    )
    return not made_of_others or _is_preservable_cia_op(target)
