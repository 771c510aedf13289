"""Passes that replay a graph, without computing again what its nodes say already.

ExecuTorch's passes, and torch's older ones, run each node on tensors that have a shape and no
values, to have its result's shape: half of the time of a `.pte` file. A node whose inputs are as
they were has the result that it had.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from executorch.exir import pass_base
from executorch.exir.delegate import executorch_call_delegate
from executorch.exir.dialects.edge._ops import EdgeOpOverload
from torch import SymBool, SymFloat, SymInt, fx
from torch._export import pass_base as older
from torch._ops import OpOverload
from torch._subclasses import FakeTensor
from torch.export import ExportedProgram
from torch.fx import traceback
from torch.fx.experimental.symbolic_shapes import free_unbacked_symbols
from torch.utils._pytree import tree_map

# Those that replay a graph, and what they hand on: a node of the new graph with its value.
PASSES: dict[Any, type] = {
    pass_base._ExportPassBase: pass_base.ProxyValue,
    older._ExportPassBaseDeprecatedDoNotUse: older.ProxyValue,
}
# By this a node's meta holds its result with what it was computed from: operator and inputs.
INPUTS = "computed_from"
# By this it has those that it came from.
HISTORY = "from_node"
PROXIES = tuple(PASSES.values())
CONSTANTS = (int, float, str, bool, torch.dtype, torch.device, torch.layout, torch.memory_format)
# What stands in a graph as it is.
PLAIN = {*CONSTANTS, type(None)}


def changes() -> list[tuple[Any, str, Any]]:
    """What is changed, as targets.patching takes it."""
    return [
        change
        for each, proxy in PASSES.items()
        for change in (
            (each, "_fx", replayed(each._fx, proxy)),
            (each.ExportInterpreter, "run_node", run_node),
        )
    ]


def run_node(self: Any, node: fx.Node) -> Any:
    """Let a pass know which node it replays, and leave out what the original writes of a node for
    the texts of errors, which nothing reads."""
    before = getattr(self.callback, "replays", None)
    self.callback.replays = self.node = node
    try:
        with _history(self, node):
            args, kwargs = self.fetch_args_kwargs_from_env(node)
            return getattr(self, node.op)(node.target, args, kwargs)
    finally:
        self.callback.replays = before


@contextlib.contextmanager
def _history(interpreter: fx.Interpreter, node: fx.Node) -> Iterator[None]:
    """Let new nodes have the history of one, in the place of one that is longer by this pass: of a
    history only the oldest entry is read."""
    if HISTORY not in node.meta:
        with interpreter._set_current_node(node):
            yield
        return
    before = traceback.current_meta
    traceback.current_meta = node.meta
    try:
        yield
    finally:
        traceback.current_meta = before


def replayed(original: Callable[..., Any], proxy: type) -> Callable[..., Any]:
    """Give a node the result that the replayed one has, where they compute the same."""

    def _fx(self: Any, kind: str, target: Any, args: Any, kwargs: Any, meta: Any) -> Any:
        node = getattr(self, "replays", None)
        if node is None or not _is_computed(target):
            return original(self, kind, target, args, kwargs, meta)
        inputs = _operator(target), _values(args), _values(kwargs)
        if not _computes(node, inputs):
            result = original(self, kind, target, args, kwargs, meta)
        else:
            result = _copied(self.tracer, node.meta["val"], target, args, kwargs, meta, proxy)
        result.node.meta[INPUTS] = result.node.meta["val"], inputs
        return result

    return _fx


def _copied(
    tracer: Any, value: Any, target: Any, args: Any, kwargs: Any, meta: Any, proxy: type
) -> Any:
    """Write a node whose result is known, as the original does."""
    name = None
    if isinstance(target, OpOverload):
        name = tracer.graph._target_to_str(target.overloadpacket.__name__)
    args, kwargs = _nodes(args, tracer), _nodes(kwargs, tracer)
    node = tracer.graph.create_node("call_function", target, args, kwargs, name)
    node.meta[HISTORY] = traceback.current_meta[HISTORY]
    node.meta.update(meta.data)
    node.meta["val"] = value
    node.meta["tensor_meta"] = tree_map(_nothing, value)
    return proxy(value, fx.Proxy(node, tracer))


def _nodes(inputs: Any, tracer: Any) -> Any:
    """A pass's inputs as a graph has them."""
    kind = type(inputs)
    if kind in PROXIES:
        return inputs.node
    if kind in PLAIN:
        return inputs
    if isinstance(inputs, (list, tuple)):
        return kind(_nodes(x, tracer) for x in inputs)
    if isinstance(inputs, dict):
        return {name: _nodes(x, tracer) for name, x in inputs.items()}
    return tracer.create_arg(inputs)


def _nothing(part: Any) -> None:
    """What a node says of a tensor's layout where the tensor itself says it."""


def note_inputs(program: ExportedProgram) -> None:
    """Note what the results of a program that was just traced were computed from."""

    def value(node: fx.Node) -> Any:
        return node.meta.get("val")

    for node in program.graph.nodes:
        if node.op == "call_function" and _is_computed(node.target) and "val" in node.meta:
            args, kwargs = fx.map_arg((node.args, node.kwargs), value)
            node.meta[INPUTS] = node.meta["val"], (_operator(node.target), args, kwargs)


def _is_computed(target: Any) -> bool:
    return isinstance(target, (OpOverload, EdgeOpOverload)) or target is executorch_call_delegate


def _computes(node: fx.Node, inputs: Any) -> bool:
    """Whether a node has the result of an operator and its inputs.

    Passes change a node in place and have it computed anew, so that its own inputs say nothing.
    What has a size that the text alone tells is computed anew, and with it all that comes of it: a
    pass learns of such a size only where it meets the assertions about it.
    """
    value, before = node.meta.get(INPUTS, (None, None))
    return (
        value is not None
        and value is node.meta.get("val")
        and same(before, inputs)
        and not free_unbacked_symbols(value)
    )


def _operator(target: Any) -> Any:
    """An operator of ExecuTorch's dialect as the one of torch's that it stands for."""
    return target._op if isinstance(target, EdgeOpOverload) else target


def _values(inputs: Any) -> Any:
    """What a pass knows of an operator's inputs."""
    if type(inputs) in PROXIES:
        return inputs.data
    if isinstance(inputs, (list, tuple)):
        return type(inputs)(map(_values, inputs))
    if isinstance(inputs, dict):
        return {name: _values(x) for name, x in inputs.items()}
    return inputs


def same(one: Any, other: Any) -> bool:
    """Whether two inputs are one as far as the shape of a result goes."""
    if one is other:
        return True
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if type(one) is not type(other):
        return False
    if isinstance(one, FakeTensor):
        return _alike(one, other)
    if isinstance(one, (SymInt, SymFloat, SymBool)):
        return _one_size(one.node, other.node)
    return isinstance(one, CONSTANTS) and bool(one == other)


def _alike(one: FakeTensor, other: FakeTensor) -> bool:
    """Whether two tensors without values have the same kind, shape and layout."""
    return (
        one.constant is None
        and other.constant is None
        and one.fake_mode is other.fake_mode
        and (one.dtype, one.device, one.layout, one.requires_grad)
        == (other.dtype, other.device, other.layout, other.requires_grad)
        and same(tuple(one.shape), tuple(other.shape))
        and same(one.stride(), other.stride())
        and same(one.storage_offset(), other.storage_offset())
    )


def _one_size(one: Any, other: Any) -> bool:
    """Whether two sizes are written by the same symbols."""
    if one is other:
        return True
    known = getattr(one, "_expr", None)
    return (
        known is not None
        and one.shape_env is other.shape_env
        and known == getattr(other, "_expr", None)
    )
