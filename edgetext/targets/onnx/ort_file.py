"""Where the bytes of an `.ort` file are.

ORT format is a flatbuffer (onnxruntime/core/flatbuffers/schema/ort.fbs), read with the classes that
ONNX Runtime's own tools bring.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OrtBytes:
    """tensors: by the name of each initializer, the bytes of its values. hashed: of the tables that
    are attributes of operators. nodes: of the operators and what joins them; values: of the names
    and types of what they take and give."""

    tensors: dict[str, int]
    hashed: int
    nodes: int
    values: int


def model_of(content: bytes) -> Any:
    """Open the model in a file's bytes; the reader raises what it will where they are damaged."""
    # Puts the module that it comes with on the path.
    import onnxruntime.tools.ort_format_model  # noqa: F401
    from ort_flatbuffers_py.fbs.InferenceSession import InferenceSession

    return InferenceSession.GetRootAsInferenceSession(content, 0).Model()


def byte_parts(content: bytes) -> OrtBytes:
    """Of the file's bytes, which ONNX Runtime can load."""
    graph = model_of(content).Graph()
    initializers = _all(graph.InitializersLength(), graph.Initializers)
    nodes = _all(graph.NodesLength(), graph.Nodes)
    edges = _all(graph.NodeEdgesLength(), graph.NodeEdges)
    values = _all(graph.NodeArgsLength(), graph.NodeArgs)
    hashed = sum(
        tensor.RawDataLength()
        for node in nodes
        for attribute in _all(node.AttributesLength(), node.Attributes)
        for tensor in [attribute.T()]
        if tensor is not None
    )
    # A flatbuffer is written from its end: first the tensors, then the values, then the nodes.
    first_tensor, first_value, first_node = map(_begin, (initializers, values, [*nodes, *edges]))
    return OrtBytes(
        {tensor.Name().decode(): tensor.RawDataLength() for tensor in initializers},
        hashed,
        first_value - first_node - hashed,
        first_tensor - first_value,
    )


def metadata_props(content: bytes) -> dict[str, str]:
    """Read the texts that the file carries, by name; the reader raises what it will where the file
    is damaged."""
    model = model_of(content)
    entries = _all(model.MetadataPropsLength(), model.MetadataProps)
    return {entry.Key().decode(): entry.Value().decode() for entry in entries}


def _all(count: int, get: Callable[[int], Any]) -> list[Any]:
    return [get(i) for i in range(count)]


def _begin(tables: list[Any]) -> int:
    """Where the first of some tables is."""
    return min(table._tab.Pos for table in tables)
