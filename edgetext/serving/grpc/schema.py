"""Messages and services of protocol buffers, built when a server starts.

They stand in a pool of descriptors of their own. Modules that protoc generates put theirs into the
one that all of a process share, where two of one name cannot be: tritonclient and kserve have
this protocol there, each its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

# A field as it is written in a .proto file, without its semicolon; "NAME|" before it is the oneof
# that it belongs to.
FIELD = re.compile(r"(?:(\w+)\| )?(repeated )?(map<string, )?([\w.]+)>? (\w+) = (\d+)")
SCALARS = ("bool", "int32", "int64", "uint32", "uint64", "float", "double", "string", "bytes")


@dataclass(frozen=True)
class Schema:
    """What a .proto file says.

    messages: fields by message, whose name has its outer message's and a dot before it where it is
    within one. services: methods by service; X takes the message XRequest and gives XResponse
    unless `takes_and_gives` says otherwise. enums: names by enum, which number themselves from 0.
    """

    package: str
    messages: Mapping[str, Sequence[str]]
    services: Mapping[str, Sequence[str]]
    enums: Mapping[str, Sequence[str]] = field(default_factory=dict)
    takes_and_gives: tuple[str, str] | None = None


def message_classes(schema: Schema) -> dict[str, Any]:
    """Give the class of each message, by its name in the schema."""
    pool = DescriptorPool()
    pool.Add(file_descriptor(schema))  # type: ignore[no-untyped-call]
    return {
        name: GetMessageClass(pool.FindMessageTypeByName(f"{schema.package}.{name}"))
        for name in schema.messages
    }


def file_descriptor(schema: Schema) -> FileDescriptorProto:
    """Write a schema as protoc describes it."""
    described = FileDescriptorProto(
        name=f"{schema.package.replace('.', '/')}.proto", package=schema.package, syntax="proto3"
    )
    by_name: dict[str, DescriptorProto] = {}
    for name, fields in schema.messages.items():
        outer, _, own = name.rpartition(".")
        message = by_name[outer].nested_type.add() if outer else described.message_type.add()
        message.name = own
        by_name[name] = message
        for line in fields:
            _add_field(message, line, schema, f".{schema.package}.{name}")
    for name, values in schema.enums.items():
        enum = described.enum_type.add(name=name)
        for number, value in enumerate(values):
            enum.value.add(name=value, number=number)
    for name, methods in schema.services.items():
        service = described.service.add(name=name)
        for method in methods:
            takes, gives = schema.takes_and_gives or (f"{method}Request", f"{method}Response")
            service.method.add(
                name=method,
                input_type=f".{schema.package}.{takes}",
                output_type=f".{schema.package}.{gives}",
            )
    return described


def _add_field(message: DescriptorProto, line: str, schema: Schema, full_name: str) -> None:
    """Add a field to a message."""
    match = FIELD.fullmatch(line)
    if match is None:
        raise ValueError(f"{line}: no field of a message")
    oneof, repeated, of_map, kind, name, number = match.groups()
    described = message.field.add(name=name, number=int(number))
    described.label = FieldDescriptorProto.LABEL_OPTIONAL
    if repeated or of_map:
        described.label = FieldDescriptorProto.LABEL_REPEATED
    if oneof:
        if oneof not in [one.name for one in message.oneof_decl]:
            message.oneof_decl.add(name=oneof)
        described.oneof_index = [one.name for one in message.oneof_decl].index(oneof)
    if of_map:
        entry = message.nested_type.add(name=f"{name.title().replace('_', '')}Entry")
        entry.options.map_entry = True
        for part in ("string key = 1", f"{kind} value = 2"):
            _add_field(entry, part, schema, f"{full_name}.{entry.name}")
        described.type = FieldDescriptorProto.TYPE_MESSAGE
        described.type_name = f"{full_name}.{entry.name}"
    elif kind in SCALARS:
        described.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    else:
        is_enum = kind in schema.enums
        described.type = (
            FieldDescriptorProto.TYPE_ENUM if is_enum else FieldDescriptorProto.TYPE_MESSAGE
        )
        described.type_name = f".{schema.package}.{kind}"
