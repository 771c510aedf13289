"""The targets by suffix and by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.targets import catalog

HEAVY = ("torch", "onnxruntime", "onnx", "executorch", "tokenizers", "pydantic", "packaging")


def test_every_folder_of_targets_is_a_target():
    folder = Path(catalog.__file__).parent
    # services/ registers folders around a file of a target, which are none themselves.
    folders = [path.parent.name for path in folder.glob("*/target.py")]
    folders.remove("services")
    modules = {type(target).__module__ for target in catalog.targets()}
    assert {f"edgetext.targets.{name}.target" for name in folders} <= modules


def test_a_suffix_has_one_owner_and_a_checkpoint_comes_first():
    assert list(catalog.formats()) == [".pt", ".onnx", ".ort", ".pte"]
    assert [catalog.owner(suffix).name for suffix in catalog.formats()] == [
        *("pytorch", "onnxruntime", "onnxruntime", "executorch"),
    ]


def test_what_is_exported_for():
    assert catalog.deployments() == {
        "mobile": (".pte", ".onnx"),
        "server": (".onnx",),
        "executorch": (".pte",),
        "onnxruntime": (".onnx",),
        "portable": (".onnx",),
        "portable-int8": (".onnx",),
    }


def test_a_path_says_whether_it_is_an_artifact():
    found = [
        (catalog.is_artifact(path), catalog.is_checkpoint(path))
        for path in map(Path, ("a.pt", "a.onnx", "a.ort", "a.pte", "a.bin", "a"))
    ]
    assert found == [(False, True), *[(True, False)] * 3, *[(False, False)] * 2]


def test_a_runtime_is_named_when_a_file_is_loaded(joint_files):
    answer = load(joint_files.onnx, runtime="onnxruntime").predict("a room in Rome")
    assert answer == load(joint_files.onnx).predict("a room in Rome")


@pytest.mark.parametrize("runtime", ["onnxruntim", "executorch", "tflite", "portable"])
def test_a_runtime_that_does_not_open_the_file_is_answered_with_those_that_do(joint_files, runtime):
    with pytest.raises(EdgetextError) as caught:
        load(joint_files.onnx, runtime=runtime)
    assert str(caught.value).startswith(
        f"{joint_files.onnx}: {runtime} is not a runtime that opens .onnx files"
    )
    # A form of file is no runtime.
    assert "(known: onnxruntime, openvino, reference;" in str(caught.value)


def test_a_runtime_that_opens_no_file_is_refused_with_the_reason(joint_files):
    with pytest.raises(EdgetextError) as caught:
        load(joint_files.onnx, runtime="tract")
    assert str(caught.value).startswith(f"{joint_files.onnx}: tract 0.23.9 loads no file")
    assert "NonZero of integers" in str(caught.value) and "take onnxruntime" in str(caught.value)


def test_knowing_the_targets_imports_no_runtime():
    program = f"""
import sys
import edgetext.predictor
from edgetext.targets import catalog
catalog.deployments(), catalog.formats()
print(*(name for name in {HEAVY} if name in sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
