"""The seal: every change of a byte is seen before a runtime reads one."""

import hashlib

import onnx
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.targets.catalog import format_of
from edgetext.targets.executorch.bindings import executorch_runtime

SUFFIXES = [".onnx", ".pte"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sealed_bytes_pass_and_changed_ones_do_not(suffix):
    form = format_of(suffix)
    sealed = form.seal(b"content")
    assert sealed.startswith(b"content")
    assert form.seal_of(b"content") == (sealed[7:], hashlib.sha256(sealed).hexdigest())
    form.check_seal(sealed, "m")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(EdgetextError, match=r"^m: .*copy it again"):
            form.check_seal(bytes(changed), "m")
        with pytest.raises(EdgetextError, match=r"^m: .*copy it again"):
            form.check_seal(sealed[:at], "m")


def test_any_onnx_reader_finds_the_seal_as_metadata(joint_files):
    model = onnx.load(joint_files.onnx)
    onnx.checker.check_model(model)
    assert model.metadata_props[-1].key == "edgetext_sha256"
    assert joint_files.onnx.read_bytes().endswith(model.metadata_props[-1].value.encode())


def test_plain_executorch_loads_a_sealed_file(joint_files):
    program = executorch_runtime().Runtime.get().load_program(joint_files.pte)
    assert {"tokenize", "forward", "edgetext"} <= program.method_names
