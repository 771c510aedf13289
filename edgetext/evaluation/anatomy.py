"""What a model file says of itself, and where its bytes are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.model.checkpoint import Checkpoint
from edgetext.model.contract import GOLDEN, METADATA
from edgetext.predictor import load
from edgetext.targets.executorch.session import FORWARD, TOKENIZE, ExecuTorchSession
from edgetext.targets.onnx.session import OnnxSession

_PLURAL = {"intent": "intents"}
TEXT_GRAPH, REST = "text graph", "graph and file structure"
NODES, VALUES = "nodes", "names and types of values"
DESCRIBED = "metadata and golden examples"


@dataclass(frozen=True, slots=True)
class Anatomy:
    """facts: what the file says of itself. parts: (what, bytes), which add up to the file."""

    facts: dict[str, Any]
    parts: list[tuple[str, int]]


def anatomy(path: Path) -> Anatomy:
    """Of any model file; EdgetextError when it cannot be read."""
    predictor = load(path)
    fields = dict(predictor.metadata.fields)
    labels = fields.pop("labels")
    facts = {
        "file": str(path),
        "bytes": path.stat().st_size,
        **fields,
        **{_PLURAL.get(kind, kind): names for kind, names in labels.items() if names},
        "golden_examples": len(predictor.golden),
    }
    session = predictor.session
    if isinstance(session, OnnxSession):
        parts = _of_onnx(path) if path.suffix == ".onnx" else _of_ort(path, session)
    elif isinstance(session, ExecuTorchSession):
        parts = _of_executorch(path)
    else:
        checkpoint = Checkpoint.load(path)
        parts = _of_checkpoint(checkpoint)
        facts["history"] = [step["command"] for step in checkpoint.header.get("history", [])]
        del facts["golden_examples"]
    return Anatomy(facts, [*parts, (REST, facts["bytes"] - sum(size for _, size in parts))])


def _of_executorch(path: Path) -> list[tuple[str, int]]:
    from edgetext.targets.executorch.program import byte_parts

    names = {
        f"{TOKENIZE}: tables": TEXT_GRAPH,
        f"{FORWARD}: tables": "embedding and decoder",
        f"{METADATA}: tables": DESCRIBED,
        f"{GOLDEN}: tables": DESCRIBED,
    }
    sizes: dict[str, int] = defaultdict(int)
    for name, size in byte_parts(path.read_bytes()):
        sizes[names.get(name, name)] += size
    return sorted(sizes.items(), key=lambda item: -item[1])


def _of_ort(path: Path, session: OnnxSession) -> list[tuple[str, int]]:
    from edgetext.targets.onnx.ort_file import byte_parts

    found = byte_parts(path.read_bytes())
    sizes: dict[str, int] = defaultdict(int)
    for name, size in found.tensors.items():
        sizes[_owner(name)] += size
    sizes[TEXT_GRAPH] += found.hashed
    described = session.session.get_modelmeta().custom_metadata_map
    sizes[DESCRIBED] = sum(len(value.encode("utf-8")) for value in described.values())
    sizes[NODES] = found.nodes
    sizes[VALUES] = found.values
    return sorted(sizes.items(), key=lambda item: -item[1])


def _of_checkpoint(checkpoint: Checkpoint) -> list[tuple[str, int]]:
    sizes: dict[str, int] = defaultdict(int)
    for name, tensor in checkpoint.tensors.items():
        sizes[name.rpartition(".")[0]] += tensor.numel() * tensor.element_size()
    return sorted(sizes.items(), key=lambda item: -item[1])


def _of_onnx(path: Path) -> list[tuple[str, int]]:
    import onnx

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


def _owner(name: str) -> str:
    """The layer that an initializer of the exported graph belongs to."""
    if name.startswith("read."):
        return TEXT_GRAPH
    if name.startswith("answer."):
        inner = name.removeprefix("answer.").removeprefix("network.")
        return inner.rpartition(".")[0]
    return "constants"
