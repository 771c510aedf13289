"""Operators that ONNX has not, written by those that it has, node by node.

torch's exporter traces the whole graph a second time for it, 40 % of the time of a file. In
a graph of edgetext's a handful of operators are spelled in another way, each by one node.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from typing import Any

import torch
from torch import fx
from torch.export import ExportedProgram
from torch.fx.node import Argument

from edgetext.core.integers import ceil_div
from edgetext.targets.respelling import RENAMED, stays

aten = torch.ops.aten
# The target, positional and named arguments that a node gets.
Spelling = tuple[Any, tuple[Argument, ...], dict[str, Argument]]


def _called(target: Any, node: fx.Node) -> Spelling:
    """Another name, and all else as it was."""
    return target, node.args, node.kwargs


def _converted(node: fx.Node) -> Spelling | None:
    source, dtype = node.args[:2]
    if len(node.args) > 2 or node.kwargs or not isinstance(source, fx.Node):
        return None
    if source.meta["val"].dtype == dtype:
        return aten.clone.default, (source,), {}
    return aten._to_copy.default, (source,), {"dtype": dtype}


def _converted_somewhere(node: fx.Node) -> Spelling | None:
    """As `_converted`: a graph is in one place, and ONNX has no places."""
    if len(node.args) > 3 or node.kwargs:
        return None
    source, _, dtype = node.args
    return aten._to_copy.default, (source,), {"dtype": dtype}


def _split(node: fx.Node) -> Spelling | None:
    source, chunks, *dim = node.args
    assert isinstance(source, fx.Node) and isinstance(chunks, int)
    size = source.meta["val"].shape[dim[0] if dim else 0]
    if not isinstance(size, int):
        return None
    return aten.split.Tensor, (source, ceil_div(size, chunks), *dim), {}


def _without_dropout(node: fx.Node) -> Spelling | None:
    source, _, train = node.args
    return None if train else (aten.clone.default, (source,), {})


def _subtracted(node: fx.Node) -> Spelling | None:
    if len(node.args) > 2 or node.kwargs:
        return None
    subtrahend, minuend = node.args
    return aten.sub.Tensor, (minuend, subtrahend), {}


SPELLINGS: dict[Any, Callable[[fx.Node], Spelling | None]] = {
    aten.to.dtype: _converted,
    aten.to.device: _converted_somewhere,
    aten.chunk.default: _split,
    aten.dropout.default: _without_dropout,
    aten.rsub.Scalar: _subtracted,
    **{one: functools.partial(_called, other) for one, other in RENAMED.items()},
    aten.reshape.default: functools.partial(_called, aten.view.default),
}


def respell(program: ExportedProgram, decomposed: Collection[Any]) -> bool:
    """Write each operator of a program by those that ONNX has, in place, where each is one node.

    decomposed: the operators that are to be decomposed. Return whether all are written; else the
    program is as it was.
    """
    # Those of loops among them.
    graphs = [m for m in program.graph_module.modules() if isinstance(m, fx.GraphModule)]
    changes = []
    for graph, node in ((g, node) for g in graphs for node in g.graph.nodes):
        if node.op == "get_attr" and not isinstance(getattr(graph, node.target), fx.GraphModule):
            return False
        if node.op != "call_function" or not isinstance(node.target, torch._ops.OpOverload):
            continue
        if node.target in SPELLINGS:
            spelling = SPELLINGS[node.target](node)
            if spelling is None:
                return False
            changes.append((node, spelling))
        elif node.target in decomposed or not stays(node.target):
            return False
    for node, (target, args, kwargs) in changes:
        node.target = target
        node.args, node.kwargs = args, kwargs
    for graph in graphs:
        graph.recompile()
    return True
