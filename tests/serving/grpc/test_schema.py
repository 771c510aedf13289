"""Messages that are built without protoc: their bytes, and that others' stand beside them."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")


def classes():
    from edgetext.serving.grpc.open_inference import SCHEMA
    from edgetext.serving.grpc.schema import message_classes

    return message_classes(SCHEMA)


def test_messages_have_the_protocol_s_bytes():
    # Field n of type t begins with n << 3 | t (https://protobuf.dev/programming-guides/encoding).
    of = classes()["ModelInferRequest"]
    request = of(
        model_name="m",
        id="7",
        parameters={"p": {"bool_param": True}},
        inputs=[{"name": "t", "datatype": "BYTES", "shape": [1], "contents": {}}],
        raw_input_contents=[b"\xff"],
    )
    request.inputs[0].contents.bytes_contents.append(b"a")
    parts = [
        b"\x0a\x01m",  # model_name = 1
        b"\x1a\x017",  # id = 3
        b"\x22\x07\x0a\x01p\x12\x02\x08\x01",  # parameters = 4: key = 1, value = 2: bool_param = 1
        b"\x2a\x12\x0a\x01t\x12\x05BYTES\x1a\x01\x01\x2a\x03\x42\x01a",  # inputs = 5
        b"\x3a\x01\xff",  # raw_input_contents = 7
    ]
    assert request.SerializeToString() == b"".join(parts)
    assert of.FromString(b"".join(parts)) == request


def test_a_parameter_has_one_value():
    parameter = classes()["InferParameter"](bool_param=True)
    parameter.int64_param = 3
    assert parameter.WhichOneof("parameter_choice") == "int64_param" and not parameter.bool_param


def test_a_line_that_is_no_field_is_refused():
    from edgetext.serving.grpc.schema import Schema, file_descriptor

    with pytest.raises(ValueError, match="no field of a message"):
        file_descriptor(Schema("p", {"M": ("string name",)}, {}))


@pytest.mark.parametrize("package", ["tritonclient.grpc.service_pb2", "kserve.protocol.grpc"])
@pytest.mark.parametrize("first", [True, False])
def test_a_client_s_own_messages_stand_beside_ours(package, first):
    if find_spec(package.partition(".")[0]) is None:
        pytest.skip("pip install tritonclient kserve")
    lines = [
        "from edgetext.serving.grpc.schema import message_classes",
        "from edgetext.serving.grpc.open_inference import SCHEMA",
        "print(len(message_classes(SCHEMA)))",
        f"import {package}",
        "print('both')",
    ]
    code = "\n".join(lines if first else [*lines[3:], *lines[:3]])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert sorted(done.stdout.split()) == ["18", "both"], done.stderr


def test_fields_are_those_of_tritonclient():
    theirs = pytest.importorskip("tritonclient.grpc.service_pb2", reason="pip install tritonclient")
    for name, one in classes().items():
        outer = theirs
        for part in name.split("."):
            outer = getattr(outer, part)
        others = {(f.name, f.number, f.type) for f in outer.DESCRIPTOR.fields}
        assert {(f.name, f.number, f.type) for f in one.DESCRIPTOR.fields} <= others, name
