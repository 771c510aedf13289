"""Where the bytes of an `.onnx` or `.ort` file are."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import onnx

from edgetext.targets.onnx.ort_file import byte_parts
from edgetext.targets.target import DESCRIBED, TEXT_GRAPH

NODES, VALUES = "nodes", "names and types of values"


def of_onnx(path: Path) -> list[tuple[str, int]]:
    """Return (what, bytes) of the parts of an `.onnx` file, the largest first."""
    model = onnx.load(path)
    sizes: dict[str, int] = defaultdict(int)
    for tensor in model.graph.initializer:
        sizes[_owner(tensor.name)] += len(tensor.raw_data) or tensor.ByteSize()
    sizes[DESCRIBED] = sum(len(p.value.encode()) for p in model.metadata_props)
    hashed = sum(
        len(attribute.t.raw_data) or attribute.t.ByteSize()
        for node in model.graph.node
        for attribute in node.attribute
        if attribute.HasField("t")
    )
    sizes[TEXT_GRAPH] += hashed
    sizes[NODES] = sum(node.ByteSize() for node in model.graph.node) - hashed
    return sorted(sizes.items(), key=lambda item: -item[1])


def of_ort(path: Path, session: Any) -> list[tuple[str, int]]:
    """Return the same of an `.ort` file; session: ONNX Runtime's, of that file."""
    parts = byte_parts(path.read_bytes())
    sizes: dict[str, int] = defaultdict(int)
    for name, size in parts.tensors.items():
        sizes[_owner(name)] += size
    sizes[TEXT_GRAPH] += parts.hashed
    described = session.get_modelmeta().custom_metadata_map
    sizes[DESCRIBED] = sum(len(value.encode("utf-8")) for value in described.values())
    sizes[NODES] = parts.nodes
    sizes[VALUES] = parts.values
    return sorted(sizes.items(), key=lambda item: -item[1])


def _owner(name: str) -> str:
    """The layer that an initializer of the exported graph belongs to."""
    if name.startswith("read."):
        return TEXT_GRAPH
    if name.startswith("answer."):
        inner = name.removeprefix("answer.").removeprefix("network.")
        return inner.rpartition(".")[0]
    return "constants"
