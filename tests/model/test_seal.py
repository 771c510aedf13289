"""The seal: every change of a byte is seen before a runtime reads one."""

import onnx
import pytest
from executorch.runtime import Runtime

from edgetext.core.errors import EdgetextError
from edgetext.model.seal import check_seal, is_sealed, seal

SUFFIXES = [".onnx", ".pte"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sealed_bytes_pass_and_changed_ones_do_not(suffix):
    sealed = seal(b"content", suffix)
    assert is_sealed(sealed, suffix) and sealed.startswith(b"content")
    check_seal(sealed, suffix, "m")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(EdgetextError, match=r"^m: .*copy it again"):
            check_seal(bytes(changed), suffix, "m")
        with pytest.raises(EdgetextError, match=r"^m: .*copy it again"):
            check_seal(sealed[:at], suffix, "m")


def test_any_onnx_reader_finds_the_seal_as_metadata(joint_files):
    model = onnx.load(joint_files.onnx)
    onnx.checker.check_model(model)
    assert model.metadata_props[-1].key == "edgetext_sha256"
    assert joint_files.onnx.read_bytes().endswith(model.metadata_props[-1].value.encode())


def test_plain_executorch_loads_a_sealed_file(joint_files):
    program = Runtime.get().load_program(joint_files.pte)
    assert {"tokenize", "forward", "edgetext"} <= program.method_names
