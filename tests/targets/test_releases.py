"""A runtime that is older than a file needs is refused in one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import onnx
import onnxruntime
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.targets.catalog import format_of
from edgetext.targets.executorch.target import RELEASES as EXECUTORCH
from edgetext.targets.onnx.target import RELEASES as ONNX
from edgetext.targets.releases import FIELD

HOSTS = Path(sys.prefix, "hosts")


@pytest.mark.parametrize("here", ["1.24.1", "1.24.10", "1.30.0", "2.0", "1.24.1.dev3+cpu", "10.0"])
def test_the_oldest_release_and_newer_ones_are_taken(here):
    ONNX.check({FIELD: "1.24.1"}, here, "m.onnx")


@pytest.mark.parametrize("here", ["1.24.0", "1.24", "1.9.9", "0.99.9", "1.24.0+cpu", "unknown"])
def test_an_older_one_is_refused_by_name(here):
    with pytest.raises(EdgetextError) as caught:
        ONNX.check({FIELD: "1.24.1"}, here, "m.onnx")
    sentence = str(caught.value)
    assert sentence.startswith("m.onnx: this file needs ONNX Runtime 1.24.1 or newer")
    assert f"{here} is installed" in sentence and 'pip install "onnxruntime>=1.24.1"' in sentence


def test_a_file_that_does_not_say_needs_what_wrote_it():
    assert ONNX.needed({}) == "1.32.0"
    with pytest.raises(
        EdgetextError, match=r"needs ONNX Runtime 1\.32\.0 .* export the checkpoint"
    ):
        ONNX.check({}, "1.30.0", "m.onnx")
    with pytest.raises(EdgetextError, match=r"needs ExecuTorch 1\.4\.0"):
        EXECUTORCH.check({}, "1.3.1+cpu", "m.pte")


@pytest.mark.parametrize("release", [7, None, "", "newest", ["1.24.1"]])
def test_what_is_no_release_is_damage(release):
    with pytest.raises(EdgetextError, match=r"m\.onnx: this artifact is damaged .* oldest_runtime"):
        ONNX.check({FIELD: release}, "1.32.0", "m.onnx")


def promised(source, target, release):
    """A copy of an .onnx file that is promised for another release, or for none."""
    model = onnx.load(source)
    for entry in model.metadata_props:
        if entry.key == "edgetext":
            fields = json.loads(entry.value)
            fields.pop(FIELD)
            entry.value = json.dumps(fields | ({FIELD: release} if release else {}))
    kept = [entry for entry in model.metadata_props if entry.key != "edgetext_sha256"]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    target.write_bytes(format_of(".onnx").seal(model.SerializeToString()))
    return target


def test_load_refuses_a_file_for_a_newer_runtime(joint_files, tmp_path):
    path = promised(joint_files.onnx, tmp_path / "m.onnx", "99.1.0")
    with pytest.raises(EdgetextError, match=r"m\.onnx: this file needs ONNX Runtime 99\.1\.0"):
        load(path)


def test_a_graph_that_the_runtime_cannot_read_is_blamed_on_its_release(joint_files, tmp_path):
    path = promised(joint_files.onnx, tmp_path / "m.onnx", "99.1.0")
    model = onnx.load(path)
    model.opset_import[0].version = 999
    del model.metadata_props[-1]
    path.write_bytes(format_of(".onnx").seal(model.SerializeToString()))
    with pytest.raises(EdgetextError, match=r"needs ONNX Runtime 99\.1\.0"):
        load(path)


@pytest.mark.parametrize("kind", ["onnx", "pte"])
def test_the_card_and_the_file_say_the_oldest_release(joint_files, kind):
    metadata = load(getattr(joint_files, kind)).metadata
    release = (ONNX if kind == "onnx" else EXECUTORCH).oldest
    assert metadata.fields[FIELD] == release
    assert f"{release} or newer" in joint_files.card.read_text("utf-8")


def predict_in(release, path):
    """What `edgetext predict` says in another release of ONNX Runtime."""
    folder = HOSTS / f"onnxruntime-{release}"
    if not folder.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{folder} is missing: `make test` installs it")
        pytest.skip(f"no {folder}: `make test` installs it")
    return subprocess.run(
        [sys.executable, "-m", "edgetext", "predict", str(path), "a room in Rome"],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_runtime_answers_new_files_and_refuses_old_ones(joint_files, int8_files, tmp_path):
    oldest = ONNX.oldest
    new = predict_in(oldest, int8_files.onnx)
    assert (new.returncode, new.stderr) == (0, "")
    old = promised(joint_files.onnx, tmp_path / "old.onnx", None)
    for path in (old, Path(__file__).parents[1] / "files" / "0.1" / "joint-int8.onnx"):
        refused = predict_in(oldest, path)
        assert refused.returncode == 2
        (sentence,) = refused.stderr.splitlines()
        assert f"needs ONNX Runtime 1.32.0 or newer, and {oldest} is installed" in sentence
    assert onnxruntime.__version__ != oldest
