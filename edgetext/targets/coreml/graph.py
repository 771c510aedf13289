"""An exported program in the words that coremltools knows."""

from __future__ import annotations

import operator
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.export import ExportedProgram
from torch.fx import Graph, Node

from edgetext.core.errors import EdgetextError

aten = torch.ops.aten
# What gives its first argument as it is.
SAME = {
    aten.alias.default,
    aten.lift_fresh_copy.default,
    aten.detach.default,
    aten.detach_.default,
    aten.clone.default,
}
# What PyTorch asserts of sizes that data tell.
PROMISES = ("_assert", "sym_constrain", "_check")
MASKS = {aten.__and__.Scalar, aten.bitwise_and.Scalar}
# Of booleans; coremltools knows them by these names alone.
LOGICAL = {
    aten.__and__.Tensor: aten.logical_and.default,
    aten.__or__.Tensor: aten.logical_or.default,
}
# Ends of slices are clipped to their lengths; all other numbers are computed with.
LENGTHS = {aten.slice.Tensor}
INT32 = torch.iinfo(torch.int32)


def respell(program: ExportedProgram) -> None:
    """Change a decomposed program, in place: the same numbers by operators that coremltools has."""
    graph = program.graph
    for node in reversed(list(graph.nodes)):
        if node.op != "call_function":
            continue
        if node.target in SAME:
            node.replace_all_uses_with(node.args[0])
            graph.erase_node(node)
        elif any(promise in str(node.target) for promise in PROMISES) and not node.users:
            graph.erase_node(node)
    for node in list(graph.nodes):
        if node.target in LOGICAL and node.meta["val"].dtype == torch.bool:
            node.target = LOGICAL[node.target]
        elif node.target in MASKS:
            _mask(node)
        elif node.target == aten.clamp.default and not node.meta["val"].is_floating_point():
            _clamp(graph, node)
        elif node.target == aten.where.ScalarSelf:
            _choose(graph, node, 1)
        elif node.target == aten.where.ScalarOther:
            _choose(graph, node, 2)
    graph.eliminate_dead_code()
    program.graph_module.recompile()


def _mask(node: Node) -> None:
    """Make `x & (2^k - 1)` the remainder by 2^k, which of negative numbers, too, is the same."""
    number, mask = node.args
    if isinstance(mask, int) and mask > 0 and not mask & (mask + 1):
        node.target = aten.remainder.Scalar
        node.args = (number, mask + 1)


def _clamp(graph: Graph, node: Node) -> None:
    """Clamp integers as such, since coremltools gives float32 numbers for them."""
    number, *ends = node.args
    limits = [*ends, *[None] * (2 - len(ends))]
    limits = [node.kwargs.get(name, end) for name, end in zip(("min", "max"), limits, strict=True)]
    dtype = node.meta["val"].dtype
    for chosen, limit in zip((aten.maximum.default, aten.minimum.default), limits, strict=True):
        if limit is None:
            continue
        assert isinstance(limit, int)
        with graph.inserting_before(node):
            end = graph.call_function(aten.full.default, ([], limit), {"dtype": dtype})
            number = graph.call_function(chosen, (number, end))
        end.meta["val"] = torch.full([], limit, dtype=dtype)
        number.meta["val"] = node.meta["val"]
    assert isinstance(number, Node)
    node.replace_all_uses_with(number)
    graph.erase_node(node)


def _choose(graph: Graph, node: Node, place: int) -> None:
    """Make the number that torch.where chooses a tensor of the other's type."""
    other, number = node.args[3 - place], node.args[place]
    assert isinstance(other, Node) and isinstance(number, int | float)
    dtype = other.meta["val"].dtype
    with graph.inserting_before(node):
        full = graph.call_function(aten.full.default, ([], number), {"dtype": dtype})
    full.meta["val"] = torch.full([], number, dtype=dtype)
    node.target = aten.where.self
    node.update_arg(place, full)


def check_integers(program: ExportedProgram, source: str) -> None:
    """Raise EdgetextError for an integer that 32 bits do not hold.

    coremltools takes the nearest one that they do (findings/coremltools_long_integers.sh).
    """
    for name, number in _numbers(program):
        if not INT32.min <= number <= INT32.max:
            raise EdgetextError(
                f"{source}: {name} computes with {number}, and Core ML's integers have 32 bits; "
                "nothing was written; take --target mobile"
            )


def _numbers(program: ExportedProgram) -> Iterator[tuple[str, int]]:
    """Give where integers stand, and the least and the largest that stand there."""
    for name, tensor in {**program.state_dict, **program.constants}.items():
        if isinstance(tensor, Tensor) and tensor.dtype == torch.int64 and tensor.numel():
            yield name, int(tensor.min())
            yield name, int(tensor.max())
    for node in program.graph.nodes:
        if node.op != "call_function" or node.target in LENGTHS or node.target is operator.getitem:
            continue
        for value in (*node.args, *node.kwargs.values()):
            if isinstance(value, int) and not isinstance(value, bool):
                yield str(node.target), value
