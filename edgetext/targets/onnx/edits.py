"""Edits of an exported graph that several passes make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.view import View, with_inner


def set_nodes(model: onnx.ModelProto, nodes: Sequence[NodeProto]) -> None:
    """Let a graph have these nodes, some of which may be its own."""
    kept = [NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(kept)


def read_instead(model: onnx.ModelProto, same: Mapping[str, str]) -> None:
    """Let all that read a tensor read the one that is the same; a graph's output stays."""
    for node in model.graph.node:
        let_read(node, same)


def let_read(node: NodeProto, same: Mapping[str, str]) -> None:
    """Let a node, and those of its graphs, read the tensor that is the same in the place of one."""
    for each in with_inner(node):
        for i, name in enumerate(each.input):
            while name in same:
                name = same[name]
            each.input[i] = name


def gather_at(node: NodeProto, places: str) -> None:
    """Let a GatherElements of a vector be a Gather, whose result has the dimensions of `places`."""
    gather = helper.make_node("Gather", [node.input[0], places], list(node.output), axis=0)
    node.CopyFrom(gather)


def let_maker_give(model: onnx.ModelProto, view: View, node: NodeProto) -> None:
    """Take out a node that does nothing any more: what makes its input, for it alone, makes its
    output."""
    maker = view.made_by(node.input[0])
    maker.output[0] = node.output[0]
    view.make(maker)
    model.graph.node.remove(node)
