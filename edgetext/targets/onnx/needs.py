"""The operators of a file, and the kernels that ONNX Runtime's CPU provider runs them by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import onnxruntime
from onnxruntime.capi._pybind_state import get_all_operator_schema, get_all_opkernel_def

from edgetext.targets.needs import NeededOperator, Needs, in_order
from edgetext.targets.onnx.ort import required_operators, to_ort
from edgetext.targets.onnx.ort_file import model_of
from edgetext.targets.onnx.target import ORT, RELEASES

# Where ONNX Runtime's tools say C++'s names of element types, its kernels say ONNX's, and tables
# NumPy's.
ONNX_NAMES = {"MLFloat16": "float16", "std::string": "string"}
NUMPY_NAMES = {"float": "float32", "double": "float64"}
# Domain, name, and the version of the operator set that defines the operator.
Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class UsedNode:
    """An operator with the element types of its inputs and outputs, "" where one is left out."""

    key: Key
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.inputs, *self.outputs) if name)


def needs_of(content: bytes, suffix: str) -> Needs:
    """Read what a file of ONNX Runtime, sealed or not, needs of a build of it."""
    content = content if suffix == ORT else to_ort(content)
    nodes = list(dict.fromkeys(used_nodes(content)))
    types: dict[Key, list[str]] = {}
    for node in nodes:
        types.setdefault(node.key, []).extend(node.types)
    operators = tuple(
        NeededOperator(
            f"{domain or 'ai.onnx'}::{name}",
            str(since),
            in_order(NUMPY_NAMES.get(kind, kind) for kind in types[domain, name, since]),
        )
        for domain, name, since in sorted(types)
    )
    kernels = get_all_opkernel_def()
    there = {(kernel.domain, kernel.op_name) for kernel in kernels}
    used = {(domain, name) for domain, name, _ in types}
    return Needs(
        operators,
        f"{RELEASES.title} {onnxruntime.__version__}",
        (
            ("operators", len(used), len(there)),
            ("kernels", len(used_kernels(nodes, kernels)), len(kernels)),
        ),
        (),
        required_operators(content),
    )


def used_nodes(content: bytes) -> Iterator[UsedNode]:
    """Yield the operators of a file in ORT format, those of inner graphs included."""
    graph = model_of(content).Graph()
    yield from _nodes_of(graph, {})


def _nodes_of(graph: Any, outer: Mapping[str, str]) -> Iterator[UsedNode]:
    from onnxruntime.tools.ort_format_model.types import FbsTypeInfo

    values = dict(outer)
    for argument in map(graph.NodeArgs, range(graph.NodeArgsLength())):
        if argument.Type() is not None:
            kind = FbsTypeInfo.typeinfo_to_str(argument.Type()).removesuffix("_t")
            values[argument.Name().decode()] = ONNX_NAMES.get(kind, kind)
    for node in map(graph.Nodes, range(graph.NodesLength())):
        inputs = (node.Inputs(i).decode() for i in range(node.InputsLength()))
        outputs = (node.Outputs(i).decode() for i in range(node.OutputsLength()))
        yield UsedNode(
            ((node.Domain() or b"").decode(), node.OpType().decode(), node.SinceVersion()),
            tuple(values.get(name, "") for name in inputs),
            tuple(values.get(name, "") for name in outputs),
        )
        for attribute in map(node.Attributes, range(node.AttributesLength())):
            if attribute.G() is not None:
                yield from _nodes_of(attribute.G(), values)


def used_kernels(nodes: Sequence[UsedNode], kernels: Sequence[Any]) -> set[int]:
    """Find the places of the kernels that run some nodes: of their operator and version, and for
    the types that they are given."""
    schemas: dict[tuple[str, str], list[Any]] = {}
    for schema in get_all_operator_schema():
        schemas.setdefault((schema.domain, schema.name), []).append(schema)
    places: dict[tuple[str, str], list[int]] = {}
    for place, kernel in enumerate(kernels):
        places.setdefault((kernel.domain, kernel.op_name), []).append(place)
    used = set()
    for node in nodes:
        domain, name, since = node.key
        bound = _bound_types(node, schemas[domain, name])
        for place in places.get((domain, name), ()):
            first, last = kernels[place].version_range
            if first <= since <= last and _takes(kernels[place], bound):
                used.add(place)
    return used


def _bound_types(node: UsedNode, schemas: Sequence[Any]) -> dict[str, set[str]]:
    """By the name of a type parameter, and of an input or output, the types that a node has
    there."""
    since = node.key[2]
    known = [schema for schema in schemas if schema.since_version <= since]
    schema = max(known, key=lambda schema: schema.since_version)
    bound: dict[str, set[str]] = {}
    for formal, kinds in ((schema.inputs, node.inputs), (schema.outputs, node.outputs)):
        for place, kind in enumerate(kinds):
            parameter = formal[min(place, len(formal) - 1)]
            if kind:
                for name in (parameter.typeStr, parameter.name):
                    bound.setdefault(name, set()).add(f"tensor({kind})")
    return bound


def _takes(kernel: Any, bound: Mapping[str, set[str]]) -> bool:
    """Tell whether a kernel is for these types: a parameter that no input binds may have any."""
    return all(
        name not in bound or bool(bound[name] & set(kinds))
        for name, kinds in kernel.type_constraints.items()
    )
