"""What is changed in ExecuTorch's exporter while a file is written, and why.

All of it is of the release that pyproject.toml pins; a newer one is to be looked through again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import torch
from executorch.backends.transforms.remove_getitem_op import RemoveGetItemPass
from executorch.backends.xnnpack._passes.conv1d_unsqueeze_pass import Conv1dUnsqueezePass
from executorch.backends.xnnpack._passes.convert_to_linear import ConvertToLinearPass
from executorch.backends.xnnpack._passes.convert_to_sdpa import ConvertToSDPAPass
from executorch.backends.xnnpack._passes.convert_to_upsample_bilinear2d import (
    ConvertToUpsampleBilinear2d,
)
from executorch.backends.xnnpack._passes.decompose_batch_norm import DecomposeBatchNorm
from executorch.backends.xnnpack._passes.decompose_cat import DecomposeConcatenate
from executorch.backends.xnnpack._passes.fuse_activation_pass import FuseActivationPass
from executorch.backends.xnnpack._passes.fuse_batch_norm import FuseBatchNormPass
from executorch.backends.xnnpack._passes.prelu_reshape_pass import PReLUReshapePass
from executorch.backends.xnnpack._passes.propagate_custom_meta_pass import PropagateCustomMetaPass
from executorch.backends.xnnpack._passes.remove_redundant_copy_pass import RemoveRedundantCopyPass
from executorch.backends.xnnpack.operators import node_visitor
from executorch.backends.xnnpack.utils.utils import get_param_tensor
from executorch.exir.passes.legalize_portable_dim_order_pass import LegalizePortableDimOrderPass
from executorch.exir.passes.memory_format_ops_pass import DimOrderOpsRevertPass
from executorch.exir.passes.normalize_transpose_pass import NormalizeTransposePass
from torch._ops import OpOverload
from torch.export import ExportedProgram
from torch.fx import GraphModule
from torch.fx.passes.infra.pass_base import PassResult

from edgetext.targets.executorch import replaying
from edgetext.targets.patching import replaced
from edgetext.targets.tracing import traced_fast

# So many digits of a hash name a constant of XNNPACK's.
KEY_DIGITS = 10
# What a graph must have for a pass to change it: parts of the names of its operators.
NEEDED: dict[Any, tuple[str, ...]] = {
    ConvertToLinearPass: ("mm.",),
    ConvertToSDPAPass: ("expand_copy",),
    ConvertToUpsampleBilinear2d: ("upsample",),
    Conv1dUnsqueezePass: ("convolution",),
    DecomposeBatchNorm: ("batch_norm",),
    DecomposeConcatenate: ("cat.",),
    DimOrderOpsRevertPass: ("dim_order",),
    FuseActivationPass: ("relu", "hardtanh"),
    FuseBatchNormPass: ("batch_norm",),
    LegalizePortableDimOrderPass: ("avg_pool", "expand_copy", "aten.mean.", "aten.sum."),
    NormalizeTransposePass: ("aten.t.",),
    PReLUReshapePass: ("prelu",),
    PropagateCustomMetaPass: ("quantize",),
    RemoveGetItemPass: ("max_pool", "max.dim"),
    RemoveRedundantCopyPass: ("to_copy",),
}


@contextlib.contextmanager
def patched() -> Iterator[None]:
    """Change the exporter while the block runs: short names of constants, convolutions that read
    two texts, no pass that cannot apply, and nothing computed that is known."""
    unsqueeze, decompose = "unsqueeze_kernel_weights", "run_decompositions"
    changes: list[tuple[Any, str, Any]] = [
        (node_visitor, "hashlib", SimpleNamespace(sha256=_short)),
        (Conv1dUnsqueezePass, unsqueeze, _once(Conv1dUnsqueezePass.unsqueeze_kernel_weights)),
        (ExportedProgram, decompose, decompositions(ExportedProgram.run_decompositions)),
        *((which, "call", _only_where(words, which.call)) for which, words in NEEDED.items()),
        *replaying.changes(),
    ]
    with replaced(changes), traced_fast():
        yield


def _short(data: bytes) -> Any:
    """Name a constant by the first digits of its hash.

    Each name stands in the file twice, and 64 digits of 27 of them are 1 % of a small one. Two
    constants of one name would be refused when they are stored.
    """
    digits = hashlib.sha256(data).hexdigest()[:KEY_DIGITS]
    return SimpleNamespace(hexdigest=lambda: digits)


def _once(original: Callable[..., None]) -> Callable[..., None]:
    """Let a convolution that reads two texts (two towers) have its weights made two-dimensional for
    XNNPACK once. ExecuTorch's pass does it at each use, and then fits none."""

    def unsqueeze(conversion: Conv1dUnsqueezePass, weights: Any) -> None:
        known = get_param_tensor(conversion.exported_program, weights)
        if known is None or known.dim() == 3:
            original(conversion, weights)

    return unsqueeze


def decompositions(original: Callable[..., ExportedProgram]) -> Callable[..., ExportedProgram]:
    """Leave a program as it is where the table has no operator of its: where it was decomposed
    before, or where it is only to be rid of what changes a tensor in place, and has nothing such.

    ExecuTorch decomposes a delegated method three times, and each time traces it anew; the first is
    for operators in place, and behind the second there is mostly nothing left to do.
    """

    def decompose(
        program: ExportedProgram, decomp_table: dict[Any, Any] | None = None, **options: Any
    ) -> ExportedProgram:
        if type(decomp_table) is dict and not decomp_table and not _changes_in_place(program):
            return program
        if program.dialect == "ATEN" and decomp_table is not None:
            targets = {n.target for n in program.graph.nodes if n.op == "call_function"}
            # In the table, and yet one of the operators that there are at the end.
            targets.discard(torch.ops.aten.sym_size.int)
            if targets.isdisjoint(decomp_table):
                return program
        made = original(program, decomp_table, **options)
        replaying.note_inputs(made)
        return made

    return decompose


def _changes_in_place(program: ExportedProgram) -> bool:
    graphs = [m.graph for m in program.graph_module.modules() if isinstance(m, GraphModule)]
    targets = {node.target for graph in graphs for node in graph.nodes}
    return any(isinstance(x, OpOverload) and x._schema.is_mutable for x in targets)


def _only_where(
    words: tuple[str, ...], original: Callable[..., PassResult]
) -> Callable[..., PassResult]:
    """Leave out a pass where it looks for what the graph does not have.

    Each traces the graph anew, whether it changed it or not, and two of them the patterns that they
    look for: together a third of a small file's time.
    """

    def call(self: object, graph_module: GraphModule) -> PassResult:
        operators = {str(node.target) for node in graph_module.graph.nodes}
        if any(word in operator for word in words for operator in operators):
            return original(self, graph_module)
        return PassResult(graph_module, False)

    return call
