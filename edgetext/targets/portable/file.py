"""A portable file, as the sessions of its engines take it."""

from __future__ import annotations

from dataclasses import dataclass

import onnx

from edgetext.core.errors import EdgetextError
from edgetext.model.contract import (
    GOLDEN,
    METADATA,
    GoldenExample,
    Metadata,
    damaged,
    read_golden,
    read_metadata,
)
from edgetext.targets.onnx.target import OPERATORS
from edgetext.targets.portable.operators import others


@dataclass(frozen=True, slots=True)
class PortableFile:
    """model: its graph. inputs, outputs: their names, in the task's order."""

    model: onnx.ModelProto
    metadata: Metadata
    golden: list[GoldenExample]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def read_portable(content: bytes, source: str, engine: str) -> PortableFile:
    """Read what `export --target portable` wrote.

    engine: for whom, in words. EdgetextError for what is no model, and for an `.onnx` file with
    operators that the engine need not know.
    """
    try:
        model = onnx.ModelProto.FromString(content)
    except Exception as error:  # protobuf's own, which has no public name
        raise damaged(source, "it is no ONNX model") from error
    texts = {entry.key: entry.value for entry in model.metadata_props}
    metadata = read_metadata(texts.get(METADATA, ""), source)
    if OPERATORS not in metadata.fields:
        foreign = others(model)
        holds = f"it holds {', '.join(foreign)}" if foreign else "it is written for ONNX Runtime"
        raise EdgetextError(
            f"{source}: {holds}, which {engine} may not have; `edgetext export --target portable "
            "CHECKPOINT` writes the file for it"
        )
    outputs = tuple(output.name for output in model.graph.output)
    golden = read_golden(texts.get(GOLDEN, "[]"), source, metadata)
    return PortableFile(model, metadata, golden, metadata.rules().inputs, outputs)
