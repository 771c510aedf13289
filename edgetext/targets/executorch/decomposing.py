"""Operators that ExecuTorch has not, written by those that it has, node by node.

torch traces a whole program twice for it, once to see what it changes in place, and ExecuTorch asks
for it once a method: a quarter of the time of a file. In a program of edgetext's a handful of
operators are spelled in another way, each by one to three nodes.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection
from typing import Any

import torch
from executorch.exir.dialects.edge._ops import EdgeOpOverload
from torch import fx
from torch._export.verifier import Verifier
from torch._guards import detect_fake_mode
from torch._subclasses import FakeTensorMode
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

from edgetext.core.integers import ceil_div
from edgetext.targets.respelling import RENAMED, stays

aten = torch.ops.aten
TENSORS = (InputKind.PARAMETER, InputKind.BUFFER, InputKind.CONSTANT_TENSOR)


class Place:
    """Where a node stands that others are to stand for."""

    def __init__(self, graph: fx.Graph, node: fx.Node, mode: FakeTensorMode) -> None:
        self.graph, self.node, self.mode = graph, node, mode

    def call(self, target: Any, *args: Any, **kwargs: Any) -> fx.Node:
        """Write an operator whose result is what the node's is, and return it."""
        with self.graph.inserting_before(self.node):
            written = self.graph.call_function(target, args, kwargs)
        written.meta = dict(self.node.meta)
        return written

    def compute(self, target: Any, *args: Any, **kwargs: Any) -> fx.Node:
        """Write an operator whose result is something else: what it is like is computed."""
        written = self.call(target, *args, **kwargs)
        given = fx.map_arg((args, kwargs), _value)
        with self.mode:
            written.meta["val"] = target(*given[0], **given[1])
        return written


def respelled(program: ExportedProgram, decomposed: Collection[Any]) -> ExportedProgram | None:
    """Write each operator of a program by those that are not `decomposed`, and return it as one of
    ATen; None where one of them cannot be written by nodes of its own.

    The program itself is changed, and computes what it did.
    """
    module = program.graph_module
    nodes = list(module.graph.nodes)
    mode = detect_fake_mode([node.meta.get("val") for node in nodes])
    if mode is None or not all(_is_known(node, decomposed) for node in nodes):
        return None
    with module._set_replace_hook(program.graph_signature.get_replace_hook()):
        for node in nodes:
            if node.target in SPELLINGS:
                spelled = SPELLINGS[node.target](Place(module.graph, node, mode), node)
                if spelled is None:
                    return None
                node.replace_all_uses_with(spelled)
                module.graph.erase_node(node)
    module.graph.eliminate_dead_code()
    drop_unused(program)
    module.recompile()
    return ExportedProgram(
        root=module,
        graph=module.graph,
        graph_signature=program.graph_signature,
        state_dict=program.state_dict,
        range_constraints=program.range_constraints,
        module_call_graph=program.module_call_graph,
        example_inputs=program.example_inputs,
        constants=program.constants,
        verifiers=[Verifier],
    )


def drop_unused(program: ExportedProgram) -> None:
    """Take the tensors out of a program that nothing reads, which a file would hold all the same.
    ExecuTorch does so with parameters alone."""
    signature, graph = program.graph_signature, program.graph_module.graph
    inputs = {node.name: node for node in graph.nodes if node.op == "placeholder"}
    changed = {spec.target for spec in signature.output_specs}
    kept = []
    for spec in signature.input_specs:
        node = inputs[spec.arg.name] if spec.kind in TENSORS else None
        if node is None or node.users or spec.target in changed:
            kept.append(spec)
            continue
        graph.erase_node(node)
        for tensors in (program.state_dict, program.constants):
            tensors.pop(spec.target, None)
    signature.input_specs[:] = kept


def _is_known(node: fx.Node, decomposed: Collection[Any]) -> bool:
    """Whether a node is one of this module's, or stays."""
    if node.op == "get_attr":
        # The graph of a loop, or a constant that torch would make an input.
        return False
    if isinstance(node.target, EdgeOpOverload):
        # Of a program that was lowered already, which tracing brings back to torch's operators.
        return False
    if node.op != "call_function" or not isinstance(node.target, torch._ops.OpOverload):
        return True
    if node.target in SPELLINGS or node.target is aten.sym_size.int:
        return True
    return node.target not in decomposed and stays(node.target)


def _value(node: fx.Node) -> Any:
    """What a node's result is like: a tensor of a type and a shape, without numbers."""
    return node.meta["val"]


def _called(target: Any, place: Place, node: fx.Node) -> fx.Node:
    """Another name, and all else as it was."""
    return place.call(target, *node.args, **node.kwargs)


def _converted(place: Place, node: fx.Node) -> fx.Node | None:
    source, dtype = node.args[:2]
    if len(node.args) > 2 or node.kwargs or not isinstance(source, fx.Node):
        return None
    if _value(source).dtype == dtype:
        return source
    return place.call(aten._to_copy.default, source, dtype=dtype)


def _contiguous(place: Place, node: fx.Node) -> fx.Node | None:
    (source,) = node.args
    if node.kwargs or not isinstance(source, fx.Node):
        return None
    if _value(source).is_contiguous():
        return source
    return place.call(aten.clone.default, source, memory_format=torch.contiguous_format)


def _reshaped(place: Place, node: fx.Node) -> fx.Node | None:
    source, shape = node.args
    if not isinstance(source, fx.Node):
        return None
    sizes = fx.map_arg(shape, _value)
    try:
        with place.mode:
            aten.view.default(_value(source), sizes)
    except GuardOnDataDependentSymNode:
        return None
    except (RuntimeError, ValueError):
        # Its numbers do not lie in a row.
        layout = torch.contiguous_format
        source = place.compute(aten.clone.default, source, memory_format=layout)
    return place.call(aten.view.default, source, shape)


def _transposed(place: Place, node: fx.Node) -> fx.Node | None:
    source, one, other = node.args
    assert isinstance(source, fx.Node) and isinstance(one, int) and isinstance(other, int)
    order = list(range(_value(source).ndim))
    order[one], order[other] = order[other], order[one]
    return place.call(aten.permute.default, source, order)


def _turned(place: Place, node: fx.Node) -> fx.Node | None:
    (source,) = node.args
    if _value(node).ndim != MATRIX:
        return None
    return place.call(aten.permute.default, source, [1, 0])


def _multiplied(place: Place, node: fx.Node) -> fx.Node | None:
    """A product of matrices; others are of several operators."""
    if any(not isinstance(x, fx.Node) or _value(x).ndim != MATRIX for x in node.args):
        return None
    return place.call(aten.mm.default, *node.args)


def _split(place: Place, node: fx.Node) -> fx.Node | None:
    source, chunks, *dim = node.args
    assert isinstance(source, fx.Node) and isinstance(chunks, int)
    size = _value(source).shape[dim[0] if dim else 0]
    if not isinstance(size, int) or not size:
        return None
    length = ceil_div(size, chunks)
    sizes = [min(length, size - start) for start in range(0, size, length)]
    return place.call(aten.split_with_sizes.default, source, sizes, *dim)


def _stacked(place: Place, node: fx.Node) -> fx.Node | None:
    parts, dim = [*list[Any](node.args), 0][:2]
    if node.kwargs:
        return None
    rows = [place.compute(aten.unsqueeze.default, part, dim) for part in parts]
    return place.call(aten.cat.default, rows, dim)


def _without_dropout(place: Place, node: fx.Node) -> fx.Node | None:
    source, _, train = node.args
    return None if train else place.call(aten.clone.default, source)


def _normalized(place: Place, node: fx.Node) -> fx.Node | None:
    if len(node.args) < MOST_OF_LAYER_NORM or node.kwargs:
        return None
    three = place.compute(aten.native_layer_norm.default, *node.args[:MOST_OF_LAYER_NORM])
    return place.call(operator.getitem, three, 0)


def _weighed(place: Place, node: fx.Node) -> fx.Node | None:
    source, dim, *dtype = node.args
    if any(kind is not None for kind in dtype) or node.kwargs:
        return None
    return place.call(aten._softmax.default, source, dim, False)


def _counted(place: Place, node: fx.Node) -> fx.Node:
    start, end = (0, *node.args)[-2:]
    kwargs = {**node.kwargs, "layout": torch.strided}
    return place.call(aten.arange.start_step, start, end, **kwargs)


def _chosen(place: Place, node: fx.Node) -> fx.Node | None:
    """A number of `where` as a tensor of the other's type."""
    if any(_value(x).dtype != _value(node).dtype for x in node.args[1:] if isinstance(x, fx.Node)):
        return None
    kind = {"dtype": _value(node).dtype, "layout": torch.strided, "device": _value(node).device}
    condition, *choices = (
        x if isinstance(x, fx.Node) else place.compute(aten.scalar_tensor.default, x, **kind)
        for x in node.args
    )
    return place.call(aten.where.self, condition, *choices)


def _subtracted(place: Place, node: fx.Node) -> fx.Node | None:
    subtrahend, minuend, *_ = node.args
    assert isinstance(subtrahend, fx.Node)
    if len(node.args) > 2 or node.kwargs or _value(subtrahend).dtype != _value(node).dtype:
        return None
    return place.call(aten.sub.Tensor, minuend, subtrahend)


def _divided(place: Place, node: fx.Node) -> fx.Node:
    return place.call(aten.div.Tensor_mode, *node.args, rounding_mode="floor")


def _padded(place: Place, node: fx.Node) -> fx.Node | None:
    defaults: list[Any] = ["constant", None]
    source, widths, *given = list[Any](node.args)
    mode, value = given + defaults[len(given) :]
    if mode != "constant" or node.kwargs:
        return None
    return place.call(aten.constant_pad_nd.default, source, widths, 0 if value is None else value)


def _convolved(dims: int, place: Place, node: fx.Node) -> fx.Node | None:
    """A convolution of one or two dimensions as the operator of any."""
    defaults: list[Any] = [None, [1] * dims, [0] * dims, [1] * dims, 1]
    source, weight, *given = list[Any](node.args)
    bias, stride, padding, dilation, groups = given + defaults[len(given) :]
    if node.kwargs:
        return None
    sizes = [[*x] * (dims // len(x)) for x in (stride, padding, dilation)]
    turned = (False, [0] * dims, groups)
    return place.call(aten.convolution.default, source, weight, bias, *sizes, *turned)


def _squeezed(place: Place, node: fx.Node) -> fx.Node:
    source, dim = node.args
    return place.call(aten.squeeze.dims, source, [dim])


def _converted_somewhere(place: Place, node: fx.Node) -> fx.Node | None:
    """As `_converted`: a graph is in one place."""
    source, device, dtype = node.args[:3]
    if len(node.args) > 3 or node.kwargs or not isinstance(source, fx.Node):
        return None
    if _value(source).dtype == dtype and _value(source).device == device:
        return source
    return place.call(aten._to_copy.default, source, dtype=dtype, device=device)


def _zeros(place: Place, node: fx.Node) -> fx.Node:
    return place.call(aten.full.default, *node.args, 0, **node.kwargs)


MATRIX = 2  # dimensions
# All arguments of layer_norm but one that says how it is computed.
MOST_OF_LAYER_NORM = 5
# What stands for a node; None where it cannot be spelled.
SPELLINGS: dict[Any, Callable[[Place, fx.Node], fx.Node | None]] = {
    aten.arange.default: _counted,
    aten.arange.start: _counted,
    aten.chunk.default: _split,
    aten.contiguous.default: _contiguous,
    aten.conv1d.default: functools.partial(_convolved, 1),
    aten.conv2d.default: functools.partial(_convolved, 2),
    aten.dropout.default: _without_dropout,
    aten.floor_divide.default: _divided,
    aten.layer_norm.default: _normalized,
    aten.matmul.default: _multiplied,
    aten.pad.default: _padded,
    aten.reshape.default: _reshaped,
    aten.rsub.Scalar: _subtracted,
    aten.softmax.int: _weighed,
    aten.squeeze.dim: _squeezed,
    aten.stack.default: _stacked,
    aten.t.default: _turned,
    aten.to.device: _converted_somewhere,
    aten.to.dtype: _converted,
    aten.transpose.int: _transposed,
    aten.where.ScalarOther: _chosen,
    aten.where.ScalarSelf: _chosen,
    aten.zeros.default: _zeros,
    **{one: functools.partial(_called, other) for one, other in RENAMED.items()},
}
