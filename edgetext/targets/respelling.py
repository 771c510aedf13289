"""What torch's decompositions leave as it is, for those that write nodes in their place."""

from __future__ import annotations

import torch
from torch._export.utils import _is_preservable_cia_op
from torch._ops import OpOverload


def stays(target: OpOverload) -> bool:
    """Whether torch's decomposition keeps an operator that its table has not: one that changes
    nothing in place, and is not made of others or is kept although it is."""
    if target._schema.is_mutable:
        return False
    made_of_others = torch._C._dispatch_has_kernel_for_dispatch_key(
        target.name(), torch._C.DispatchKey.CompositeImplicitAutograd
    )
    return not made_of_others or _is_preservable_cia_op(target)
