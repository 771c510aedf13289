"""What one layer gives to the next, as it is: without what is undone right away.

Each layer turns its rows into an image and back, and rounds what it reads and what it gives.
Between two of them nothing of that is left, since XNNPACK would do all of it, step by step. What a
third one reads, too, as the sum of a residual connection does, stays as it is: a part of a program
that gives numbers to two others in two shapes is not computed rightly (ExecuTorch 1.4.1).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, fx
from torch.export import ExportedProgram

aten = torch.ops.aten
# What changes the shape alone.
VIEWS = {aten.permute.default, aten.reshape.default}
# By their names, since torch knows them only once something has asked for them.
ROUNDED = "quantized_decomposed.quantize_per_tensor.default"
UNROUNDED = "quantized_decomposed.dequantize_per_tensor.default"
# So many stand for a length that is not known in a test of what views do.
SOME = 7


def joined(program: ExportedProgram) -> ExportedProgram:
    """Take out of a program, which is changed, what its layers undo of one another; return it."""
    graph = program.graph_module.graph
    for node in list(graph.nodes):
        source = _undone(node)
        if source is not None:
            node.replace_all_uses_with(source)
            _erase(graph, node)
    graph.eliminate_dead_code()
    program.graph_module.recompile()
    return program


def _erase(graph: fx.Graph, node: fx.Node) -> None:
    """Take out a node, and those before it that were for it alone: they are no readers any more."""
    before = node.all_input_nodes
    graph.erase_node(node)
    for each in before:
        if not each.users and each.op == "call_function":
            _erase(graph, each)


def _undone(node: fx.Node) -> fx.Node | None:
    """The node before operators that end in this one and change nothing; None where they do."""
    if node.target is aten.dropout.default and not node.args[2]:
        return node.all_input_nodes[0]
    if node.target in VIEWS:
        return _same_view(node)
    if _is(node, UNROUNDED) and _is(node.args[0], ROUNDED):
        rounded = node.all_input_nodes[0]
        given = rounded.all_input_nodes[0]
        if (
            len(rounded.users) == 1
            and _is(given, UNROUNDED)
            and given.args[1:] == rounded.args[1:] == node.args[1:]
        ):
            return given
    return None


def _same_view(node: fx.Node) -> fx.Node | None:
    """The furthest node that a chain of views, which nothing else reads, gives back as it was."""
    chain: list[fx.Node] = []
    same = None
    while node.target in VIEWS and (not chain or len(node.users) == 1):
        chain.insert(0, node)
        node = node.all_input_nodes[0]
        if _changes_nothing(node, chain):
            same = node
    return same


def _changes_nothing(source: fx.Node, chain: list[fx.Node]) -> bool:
    """Whether views of a tensor, one of the other, end in what it was: tried out on numbers."""
    shape, last = source.meta["val"].shape, chain[-1].meta["val"].shape
    # Lengths that are not known are told apart by their names, and those that are worked out, which
    # a view would take as a node of its own, are left alone.
    if list(map(str, shape)) != list(map(str, last)):
        return False
    if any(len(view.all_input_nodes) > 1 for view in chain):
        return False
    given = numbers = _counted([size if isinstance(size, int) else SOME for size in shape])
    for view in chain:
        change: Any = view.target
        numbers = change(numbers, *view.args[1:])
    return torch.equal(numbers, given)


def _counted(shape: list[int]) -> Tensor:
    """int64[shape]: all different."""
    return torch.arange(torch.Size(shape).numel()).reshape(shape)


def _is(node: Any, name: str) -> bool:
    return isinstance(node, fx.Node) and str(node.target) == name
