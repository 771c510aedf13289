"""A package's specification beside what the model gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edgetext.core.errors import EdgetextError

# ArrayFeatureType.ArrayDataType of a specification.
ARRAYS = {65568: "float32", 131104: "int32"}
# Specification.MILSpec.DataType: the integers that Core ML's operators do not compute with.
INT64, UINT64 = 24, 34


def check_package(
    spec: Any, inputs: Sequence[str], outputs: Mapping[str, tuple[str, int]], source: str
) -> None:
    """Raise EdgetextError where a package's specification is not that of the contract.

    inputs: names of int32[1, n]. outputs: by name "float32" or "int32", and the number of
    dimensions. Compared are names, types and numbers of dimensions, and that no operator gives an
    integer of 64 bits; answers are not, since Core ML runs on Apple's systems alone.
    """
    block = next(iter(spec.mlProgram.functions["main"].block_specializations.values()))
    values = {value.name: value.type for op in block.operations for value in op.outputs}
    ranks = {name: len(kind.tensorType.dimensions) for name, kind in values.items()}
    shown = {
        **{feature.name: (_type(feature), 2) for feature in spec.description.input},
        **{feature.name: (_type(feature), ranks.get(feature.name, 0))
           for feature in spec.description.output},
    }  # fmt: skip
    asked = {**dict.fromkeys(inputs, ("int32", 2)), **outputs}
    if list(shown.items()) != list(asked.items()):
        raise EdgetextError(
            f"{source}: coremltools wrote inputs and outputs {_in_words(shown)} in place of "
            f"{_in_words(asked)}; nothing was written"
        )
    long = [name for name, kind in values.items() if kind.tensorType.dataType in (INT64, UINT64)]
    if long:
        raise EdgetextError(
            f"{source}: coremltools wrote an operator that gives integers of 64 bits ({long[0]}), "
            "which Core ML does not compute with; nothing was written"
        )


def _type(feature: Any) -> str:
    kind = feature.type.multiArrayType.dataType
    return ARRAYS.get(kind, f"type {kind}")


def _in_words(features: Mapping[str, tuple[str, int]]) -> str:
    return ", ".join(f"{name} {kind} of {rank}" for name, (kind, rank) in features.items())
