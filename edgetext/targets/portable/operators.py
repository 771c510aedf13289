"""Which operators a portable file may hold, and how it says so."""

from __future__ import annotations

from collections import Counter

import onnx

from edgetext.core.errors import EdgetextError
from edgetext.targets.onnx.view import all_nodes

# The operator set: with it come LayerNormalization (17), integers as bits (18), and the least and
# largest of booleans (20), and the engines that were asked have all of it.
VERSION = 20
# What stands in the metadata of a file that keeps to it.
SET = f"ai.onnx {VERSION}"


def others(model: onnx.ModelProto) -> list[str]:
    """List the operators of a graph that are not ai.onnx's, by name and number of nodes."""
    counted = Counter(
        f"{node.domain}.{node.op_type}"
        for node in all_nodes(model.graph)
        if node.domain not in ("", "ai.onnx")
    )
    return [f"{name} ({count})" for name, count in sorted(counted.items())]


def check_operators(model: onnx.ModelProto, source: str) -> None:
    """Raise EdgetextError, naming them, where a graph has other operators."""
    versions = {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
    named = others(model)
    if named:
        raise EdgetextError(
            f"{source}: no operators of {SET} make up {', '.join(named)}; nothing was written"
        )
    if versions.get("ai.onnx", 0) > VERSION:
        raise EdgetextError(
            f"{source}: the graph uses operator set ai.onnx {versions['ai.onnx']}, and portable "
            f"files are promised for {VERSION}; nothing was written"
        )
