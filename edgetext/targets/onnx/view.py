"""What an exported graph says of itself, for those that rewrite it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper


class View:
    """What a graph says of its tensors before a rewrite: who makes and reads them, how large they
    are, what the constant ones hold. A node with a graph of its own, as a Loop, also reads what
    that reads; what is within is not looked at."""

    def __init__(self, model: onnx.ModelProto) -> None:
        graph = model.graph
        self._makers = {output: node for node in graph.node for output in node.output}
        self._readers: defaultdict[str, list[NodeProto]] = defaultdict(list)
        for node in graph.node:
            for name in (name for each in with_inner(node) for name in each.input):
                self._readers[name].append(node)
        self._outputs = {tensor.name for tensor in graph.output}
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._shapes = {
            value.name: [d.dim_value or d.dim_param for d in value.type.tensor_type.shape.dim]
            for value in (*graph.value_info, *graph.input, *graph.output)
            if value.type.tensor_type.HasField("shape")
        }
        self._kinds = {
            value.name: value.type.tensor_type.elem_type
            for value in (*graph.value_info, *graph.input, *graph.output)
        }

    def made_by(self, name: str) -> NodeProto:
        """The node that makes a tensor; KeyError for an input or a constant."""
        return self._makers[name]

    def node(self, name: str) -> NodeProto | None:
        """The node that makes a tensor; None for an input or a constant."""
        return self._makers.get(name)

    def maker(self, name: str, kind: str) -> NodeProto | None:
        """The node that makes a tensor, where it is of this kind."""
        node = self._makers.get(name)
        return node if node is not None and node.op_type == kind else None

    def sole(self, name: str, kind: str) -> NodeProto | None:
        """The same, where but one node reads the tensor."""
        return self.maker(name, kind) if self.sole_reader(name) else None

    def sole_reader(self, name: str) -> bool:
        """Whether but one node reads a tensor, and it is no output."""
        return len(self._readers[name]) + (name in self._outputs) == 1

    def readers(self, name: str) -> list[NodeProto]:
        """The nodes that read a tensor, one that reads it twice two times."""
        return list(self._readers[name])

    def is_output(self, name: str) -> bool:
        """Whether a tensor is one that the graph gives."""
        return name in self._outputs

    def make(self, node: NodeProto) -> None:
        """Note that this node makes its outputs now."""
        self._makers.update(dict.fromkeys(node.output, node))

    def shape(self, name: str) -> list[int | str] | None:
        """A tensor's dimensions, numbers or names, where they are known."""
        return self._shapes.get(name)

    def rank(self, name: str) -> int | None:
        """A tensor's number of dimensions, where it is known."""
        shape = self._shapes.get(name)
        return None if shape is None else len(shape)

    def kind(self, name: str) -> int | None:
        """A tensor's type, as TensorProto.INT64, where it is known."""
        return self._kinds.get(name)

    def array(self, name: str) -> np.ndarray | None:
        """A constant's value."""
        tensor = self._constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def values(self, name: str) -> list[int] | None:
        """The integers of a small constant vector."""
        tensor = self._constants.get(name)
        if tensor is None or len(tensor.dims) != 1 or tensor.dims[0] > 8:
            return None
        return [int(value) for value in numpy_helper.to_array(tensor)]

    def slice(self, node: NodeProto) -> tuple[int, int, int, int] | None:
        """(start, end, axis, step) of a Slice along one axis by constants."""
        parts = [self.values(name) for name in node.input[1:]]
        if len(parts) != 4 or not all(part is not None and len(part) == 1 for part in parts):
            return None
        start, end, axis, step = (part[0] for part in parts if part is not None)
        return start, end, axis, step


def inner_graphs(node: NodeProto) -> list[onnx.GraphProto]:
    """Give the graphs that a node holds, as a Loop's body."""
    return [attribute.g for attribute in node.attribute if attribute.HasField("g")]


def with_inner(node: NodeProto) -> Iterator[NodeProto]:
    """Give a node and those of its graphs, and of theirs."""
    yield node
    for graph in inner_graphs(node):
        yield from all_nodes(graph)


def all_nodes(graph: onnx.GraphProto) -> Iterator[NodeProto]:
    """Give the nodes of a graph, each followed by those of its own graphs."""
    for node in graph.node:
        yield from with_inner(node)


def all_graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """Give a graph and those that its nodes hold, and theirs."""
    yield graph
    for node in graph.node:
        for inner in inner_graphs(node):
            yield from all_graphs(inner)


def attributes(node: NodeProto) -> dict[str, Any]:
    """A node's attributes by name."""
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def constant(name: str, value: np.ndarray, added: list[onnx.TensorProto]) -> str:
    """The name of a new constant, which goes to those that are `added` to a graph."""
    added.append(numpy_helper.from_array(value, name))
    return name
