"""Passes of ExecuTorch that look for what a graph may not have, and are left out where it has not.

Each traces the graph anew, whether it changes it or not, and two of them the patterns that they
look for: together a third of a small file's time.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
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
from executorch.exir.pass_base import ExportPass
from executorch.exir.passes.legalize_portable_dim_order_pass import LegalizePortableDimOrderPass
from executorch.exir.passes.memory_format_ops_pass import DimOrderOpsRevertPass
from executorch.exir.passes.normalize_transpose_pass import NormalizeTransposePass
from executorch.exir.passes.remove_mixed_type_operators import RemoveMixedTypeOperators
from executorch.exir.passes.replace_broken_ops_with_function_ops_pass import (
    ReplaceBrokenOpsWithFunctionalOpsPass,
)
from executorch.exir.passes.scalar_to_tensor_pass import ScalarToTensorPass
from executorch.exir.passes.sym_to_tensor_pass import SymToTensorPass
from torch import SymBool, SymFloat, SymInt, Tensor, fx
from torch.fx.passes.infra.pass_base import PassResult

Applies = Callable[[fx.Node], bool]


def changes() -> list[tuple[Any, str, Any]]:
    """What is changed, as targets.patching takes it."""
    changed = [(which, "call", _only_where(has, which.call)) for which, has in NEEDED.items()]
    return [*changed, (ExportPass, "call", _unless_plain(ExportPass.call))]


def _unless_plain(original: Callable[..., PassResult]) -> Callable[..., PassResult]:
    """Leave out the pass that changes nothing: it computes anew what each node says of its result,
    which the passes before it have kept."""

    def call(self: object, graph_module: fx.GraphModule) -> PassResult:
        if type(self) is ExportPass:
            # The caller takes its own module apart, to take this one over.
            return PassResult(copy.copy(graph_module), False)
        return original(self, graph_module)

    return call


def _only_where(applies: Applies, original: Callable[..., PassResult]) -> Callable[..., PassResult]:
    """Leave a graph as it is where a pass would change no node of it."""

    def call(self: object, graph_module: fx.GraphModule) -> PassResult:
        # Those of loops among them.
        graphs = [m.graph for m in graph_module.modules() if isinstance(m, fx.GraphModule)]
        if any(applies(node) for graph in graphs for node in graph.nodes):
            return original(self, graph_module)
        return PassResult(graph_module, False)

    return call


def _called(*words: str) -> Applies:
    """Whether one of these is a part of the name of a node's operator."""

    def applies(node: fx.Node) -> bool:
        name = _name(node.target)
        return any(word in name for word in words)

    return applies


@functools.cache
def _name(target: Any) -> str:
    return str(target)


def _is_laid_out_otherwise(node: fx.Node) -> bool:
    """Whether an operator that needs the usual layout reads a tensor of another."""
    if node.target not in LegalizePortableDimOrderPass._target_ops:
        return False
    value = _value(node.args[0])
    order = tuple(int(d) for d in value.dim_order()) if isinstance(value, Tensor) else ()
    return order != tuple(range(len(order)))


def _is_view(node: fx.Node) -> bool:
    return bool(getattr(node.target, "is_view", False))


def _has_number_for_tensor(node: fx.Node) -> bool:
    return any(isinstance(value, (float, int, bool)) for value in _given_for_tensors(node))


def _has_size_for_tensor(node: fx.Node) -> bool:
    kinds = SymInt, SymFloat, SymBool
    return any(isinstance(_value(value), kinds) for value in _given_for_tensors(node))


def _mixes_types(node: fx.Node) -> bool:
    """Whether an operator reads tensors of two types. Of others than those that the pass looks at,
    too: it is left out less often than it could be."""
    values = [_value(value) for value in _given_for_tensors(node)]
    if node.target is torch.ops.aten.div.Tensor:
        # Of integers it is computed in float.
        return not all(isinstance(x, Tensor) and x.is_floating_point() for x in values)
    return len({x.dtype if isinstance(x, Tensor) else None for x in values}) > 1


def _given_for_tensors(node: fx.Node) -> Iterator[Any]:
    """What an operator is given where its schema has a tensor."""
    schema = getattr(node.target, "_schema", None)
    for place, argument in enumerate(schema.arguments if schema else ()):
        if isinstance(argument.type, torch.TensorType):
            if argument.name in node.kwargs:
                yield node.kwargs[argument.name]
            elif not argument.kwarg_only and place < len(node.args):
                yield node.args[place]


def _value(given: Any) -> Any:
    return given.meta.get("val") if isinstance(given, fx.Node) else given


# What a graph must have for a pass to change it.
NEEDED: dict[Any, Applies] = {
    ConvertToLinearPass: _called("mm."),
    ConvertToSDPAPass: _called("expand_copy"),
    ConvertToUpsampleBilinear2d: _called("upsample"),
    Conv1dUnsqueezePass: _called("convolution"),
    DecomposeBatchNorm: _called("batch_norm"),
    DecomposeConcatenate: _called("cat."),
    DimOrderOpsRevertPass: _called("dim_order"),
    FuseActivationPass: _called("relu", "hardtanh"),
    FuseBatchNormPass: _called("batch_norm"),
    LegalizePortableDimOrderPass: _is_laid_out_otherwise,
    NormalizeTransposePass: _called("aten.t."),
    PReLUReshapePass: _called("prelu"),
    PropagateCustomMetaPass: _called("quantize"),
    RemoveGetItemPass: _called("max_pool", "max.dim"),
    RemoveMixedTypeOperators: _mixes_types,
    RemoveRedundantCopyPass: _called("to_copy"),
    ReplaceBrokenOpsWithFunctionalOpsPass: _is_view,
    ScalarToTensorPass: _has_number_for_tensor,
    SymToTensorPass: _has_size_for_tensor,
}
