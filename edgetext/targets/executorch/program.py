"""What a `.pte` program executes, instruction by instruction, and the same program cut short.

The layout is that of ExecuTorch's schema/program.fbs and of the XNNPACK delegate's
serialization/schema.fbs, read with the reader and the flatc that its package brings.
"""

from __future__ import annotations

import json
import re
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Slots of the tables on the way to a chain's instructions, in program.fbs's order of fields.
_PLANS, _PLAN_NAME, _CHAINS, _INSTRUCTIONS = 1, 0, 5, 2
# The delegate's payload: "XH00", then (from byte 10) where its flatbuffer is and how long.
_HEADER, _HEADER_AT = struct.Struct("<Q"), 16
_MAGIC, _PLACE = b"XH00", struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Node:
    """An operator inside a delegate: its name, and its tensors by the name of their role.

    A tensor is (dimensions, data type); a dimension that the text decides has its upper bound.
    """

    name: str
    tensors: dict[str, tuple[tuple[int, ...], str]]


@dataclass(frozen=True, slots=True)
class Instruction:
    """name: of the kernel, or what the delegate holds. nodes: of a delegate."""

    name: str
    nodes: tuple[Node, ...] = ()


def instructions(content: bytes, method: str) -> list[Instruction]:
    """What a method executes, in order."""
    from executorch.exir._serialize._program import deserialize_pte_binary

    program = deserialize_pte_binary(content).program
    plan = next(plan for plan in program.execution_plan if plan.name == method)
    delegates = [
        _nodes(bytes(program.backend_delegate_data[delegate.processed.index].data))
        for delegate in plan.delegates
    ]
    listed = []
    for instruction in plan.chains[0].instructions:
        arguments: Any = instruction.instr_args
        kind = type(arguments).__name__
        if kind == "KernelCall":
            listed.append(Instruction(_short(plan.operators[arguments.op_index].name)))
        elif kind == "DelegateCall":
            nodes = delegates[arguments.delegate_index]
            names = " + ".join(dict.fromkeys(node.name for node in nodes))
            listed.append(Instruction(f"XNNPACK: {names}", nodes))
        else:
            listed.append(Instruction(kind))
    return listed


def byte_parts(content: bytes) -> list[tuple[str, int]]:
    """(what, bytes) of a program: the tables of its methods, the matrices and graphs of its
    delegates, and the tables that list values and instructions.

    Names of layers are not in a program: a matrix is told by its size, and what a method holds
    itself by the method's name.
    """
    from executorch.exir._serialize._program import deserialize_pte_binary

    file = deserialize_pte_binary(content)
    program = file.program
    parts: dict[str, int] = {}

    def add(name: str, size: int) -> None:
        parts[name] = parts.get(name, 0) + size

    sizes = [len(constant.storage) for constant in program.constant_buffer]
    counted: set[int] = set()
    for plan in program.execution_plan:
        for value in plan.values:
            index = int(getattr(value.val, "data_buffer_idx", 0) or 0)
            if index and index not in counted:
                counted.add(index)
                add(f"{plan.name}: tables", sizes[index])
    shapes = _matrices(program)
    for key, entry in file.named_data.pte_data.items() if file.named_data else ():
        add(shapes.get(key, "vectors of layers"), len(file.named_data.buffers[entry.buffer_index]))
    add("graphs of delegates", sum(len(data.data) for data in program.backend_delegate_data))
    # The header has the program's own size after its magic and length.
    add("instructions and values", _HEADER.unpack_from(content, _HEADER_AT)[0])
    return sorted(parts.items(), key=lambda item: -item[1])


def _matrices(program: Any) -> dict[str, str]:
    """By the name of each delegate's constant that is a matrix: what it is."""
    described = {}
    for delegate in program.backend_delegate_data:
        payload = bytes(delegate.data)
        if payload[4:8] != _MAGIC:
            continue
        start, size = _PLACE.unpack_from(payload, 10)
        graph = _as_json(payload[start : start + size])
        keys = [constant.get("named_key", "") for constant in graph.get("constant_data", [])]
        for table in graph["xvalues"]:
            value = table["xvalue_union"]
            value = value.get("tensor_value", value)
            index, dims = value.get("constant_buffer_idx", 0), value.get("dims", [])
            if index and len(dims) > 1:
                kind = str(value.get("datatype", "")).removeprefix("xnn_datatype_")
                shape = " x ".join(str(n) for n in dims if n > 1)
                described[keys[index]] = f"matrix {shape} ({kind})"
    return described


def shortened(content: bytes, method: str, count: int) -> bytes:
    """The program with the method's chain ended after `count` instructions; no other byte differs.

    What the method then returns is not an answer.
    """
    place = _length_place(content, method)
    return content[:place] + struct.pack("<I", count) + content[place + 4 :]


def _length_place(content: bytes, method: str) -> int:
    """Where the number of the method's instructions stands."""
    root = _follow(content, 0)
    for plan in _vector(content, root, _PLANS):
        name = _follow(content, _field(content, plan, _PLAN_NAME))
        (length,) = struct.unpack_from("<I", content, name)
        if content[name + 4 : name + 4 + length].decode("utf-8") == method:
            (chain, *_) = _vector(content, plan, _CHAINS)
            return _follow(content, _field(content, chain, _INSTRUCTIONS))
    raise KeyError(method)


def _follow(content: bytes, place: int) -> int:
    (offset,) = struct.unpack_from("<I", content, place)
    return int(place + offset)


def _field(content: bytes, table: int, slot: int) -> int:
    """Where a table's field stands (flatbuffers' vtable)."""
    (back,) = struct.unpack_from("<i", content, table)
    (offset,) = struct.unpack_from("<H", content, table - back + 4 + 2 * slot)
    return int(table + offset)


def _vector(content: bytes, table: int, slot: int) -> list[int]:
    """The tables of a vector."""
    place = _follow(content, _field(content, table, slot))
    (length,) = struct.unpack_from("<I", content, place)
    return [_follow(content, place + 4 + 4 * i) for i in range(length)]


def _nodes(payload: bytes) -> tuple[Node, ...]:
    """The graph that an XNNPACK delegate holds; () where it is another backend's."""
    if payload[4:8] != _MAGIC:
        return ()
    start, size = _PLACE.unpack_from(payload, 10)
    graph = _as_json(payload[start : start + size])
    values = dict(_values(graph["xvalues"]))
    return tuple(
        Node(
            re.sub(r"^XNN(Static)?", "", node["xnode_union_type"]).lstrip("_"),
            {
                role.removesuffix("_id"): values[number]
                for role, number in node["xnode_union"].items()
                if role.endswith("_id") and number in values
            },
        )
        for node in graph["xnodes"]
    )


def _values(tables: list[dict[str, Any]]) -> list[tuple[int, tuple[tuple[int, ...], str]]]:
    shapes = []
    for table in tables:
        value = table["xvalue_union"]
        # A quantized tensor holds a plain one.
        value = value.get("tensor_value", value)
        kind = str(value.get("datatype", "")).removeprefix("xnn_datatype_")
        shapes.append((value["id_out"], (tuple(value.get("dims", ())), kind)))
    return shapes


def _as_json(data: bytes) -> dict[str, Any]:
    import executorch.backends.xnnpack.serialization as schemas
    import executorch.data.bin as binaries

    schema = Path(*schemas.__path__, "runtime_schema.fbs")
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder, "graph.bin")
        graph.write_bytes(data)
        command = [str(Path(*binaries.__path__, "flatc")), "--json", "--strict-json"]
        command += ["--raw-binary", "--defaults-json", "-o", folder, str(schema), "--", str(graph)]
        subprocess.run(command, check=True, capture_output=True)
        text = graph.with_suffix(".json").read_text("utf-8")
    # flatc writes the C names.
    text = re.sub(r": (-?)inf\b", r": \1Infinity", text)
    found: dict[str, Any] = json.loads(re.sub(r": -?nan\b", ": NaN", text))
    return found


def _short(name: str) -> str:
    return name.rpartition("::")[2]
