"""Engines that are there, and those that are not."""

import pytest

from edgetext.conformance.engines import engines
from edgetext.core.errors import EdgetextError
from edgetext.targets.onnx.target import OnnxRuntime


def test_each_file_in_each_runtime(int8_files):
    (one, two) = engines([int8_files.onnx, int8_files.pte], [])
    assert [one.target.name, two.target.name] == ["onnxruntime", "executorch"]
    assert one.title.startswith("ONNX Runtime 1.") and two.title.startswith("ExecuTorch 1.")
    (named,) = engines([int8_files.onnx], ["onnxruntime"])
    assert named.title == one.title


def test_a_runtime_that_opens_no_such_file_is_refused_before_any_is_loaded(int8_files, tmp_path):
    with pytest.raises(EdgetextError, match=r"not a runtime that opens \.pte files .known: exec"):
        engines([tmp_path / "missing.onnx", int8_files.pte], ["onnxruntime"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("No module named 'x'"), "cannot be imported here .No module named"),
        (NotImplementedError("no TopK\nhere"), "cannot load it .NotImplementedError: no TopK here"),
        (EdgetextError("too old; upgrade it"), "^too old; upgrade it$"),
    ],
)
def test_an_engine_that_cannot_begin_is_a_sentence(int8_files, monkeypatch, error, said):
    def fail(self, path, content, threads):
        raise error

    monkeypatch.setattr(OnnxRuntime, "open", fail)
    with pytest.raises(EdgetextError, match=said):
        list(engines([int8_files.onnx], ["onnxruntime"]))


def test_a_target_that_names_no_package_has_no_release(int8_files, monkeypatch):
    monkeypatch.setattr(OnnxRuntime, "releases", None)
    (engine,) = engines([int8_files.onnx], [])
    assert engine.release == "" and engine.title == "ONNX Runtime"
