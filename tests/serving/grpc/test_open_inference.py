"""The table of the protocol's messages."""

import pytest

pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")


def test_each_method_has_its_messages_and_each_type_its_field():
    from edgetext.serving.grpc.open_inference import CONTENTS, SCHEMA, SERVICE
    from edgetext.serving.tensors import TYPES

    for method in SCHEMA.services[SERVICE]:
        assert {f"{method}Request", f"{method}Response"} <= set(SCHEMA.messages)
    assert set(TYPES.values()) <= set(CONTENTS)
    fields = " ".join(SCHEMA.messages["InferTensorContents"])
    assert all(f" {field} = " in fields for field in CONTENTS.values())
