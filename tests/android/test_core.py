"""The demo's plain JVM core answers the vectors of tests/vectors as Python expects."""

from __future__ import annotations

import hashlib
import json
import runpy
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import onnx
import pytest

from edgetext.targets.catalog import format_of

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"
LIBRARY = ROOT / "android_demo" / "edgetext-android" / "src"
ONNX, PTE = format_of(".onnx"), format_of(".pte")
NAMES = ["offsets", "metadata", "decode", "replay", "json", "redact"]

pytestmark = pytest.mark.skipif(
    shutil.which("javac") is None, reason="no JDK: install openjdk-17-jdk-headless"
)


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """Compiles the core as the APK's build does (Java 8), and answers vector files."""
    classes = tmp_path_factory.mktemp("classes")
    sources = sorted((LIBRARY / "main" / "java" / "io" / "edgetext" / "core").glob("*.java"))
    sources += sorted((LIBRARY / "test" / "java").rglob("*.java"))
    command = ["javac", "-nowarn", "-Xlint:-options", "-encoding", "UTF-8"]
    command += ["-source", "8", "-target", "8", "-d", str(classes), *map(str, sources)]
    subprocess.run(command, check=True)

    def answer(*files: Path) -> list[list[Any]]:
        command = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", str(classes)]
        command += ["io.edgetext.core.VectorRunner", *map(str, files)]
        done = subprocess.run(command, check=True, capture_output=True)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    return answer


@pytest.fixture(scope="module")
def answers(runner):
    files = [VECTORS / f"{name}.json" for name in NAMES]
    return dict(zip(NAMES, runner(*files), strict=True))


def agrees(expected: Any, got: Any) -> bool:
    """Like ==, but for an expected error a part of the sentence is enough, and in objects `got` may
    hold more."""
    if isinstance(expected, dict) and "error" in expected:
        sentence = got.get("error") if isinstance(got, dict) else got
        return isinstance(sentence, str) and expected["error"] in sentence
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            name in got and agrees(value, got[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(got, list) and len(got) == len(expected) and all(map(agrees, expected, got))
        )
    return type(expected) is type(got) and expected == got


def test_the_vectors_are_those_that_the_script_writes():
    written = runpy.run_path(str(VECTORS / "write.py"))["vectors"]()
    assert sorted(written) == sorted(f"{name}.json" for name in NAMES)
    for name, items in written.items():
        assert json.loads((VECTORS / name).read_text(encoding="utf-8")) == items, name


@pytest.mark.parametrize("name", NAMES)
def test_core_answers_as_python_expects(answers, name):
    vectors = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    assert len(vectors) == len(answers[name]) > 0
    wrong = [
        (vector["name"], vector["expected"], got)
        for vector, got in zip(vectors, answers[name], strict=True)
        if not agrees(vector["expected"], got)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["metadata", "decode", "replay"])
def test_an_error_is_one_sentence_for_the_user(answers, name):
    errors = [got for got in answers[name] if isinstance(got, dict) and "error" in got]
    assert len(errors) >= 4
    for got in errors:
        assert got["type"] == "EdgeTextException"
        assert got["error"][0].isupper() or got["error"][0] == '"'


def program(body: bytes, *, program_size: int, base: int, segments: int) -> bytes:
    """An ExecuTorch file as its header tells it: root offset, magic, extended header, the rest."""
    header = b"eh00" + struct.pack("<IQQQ", 32, program_size, base, segments)
    return struct.pack("<I", 48) + b"ET12" + header + body


def test_a_damaged_file_is_refused_before_native_code_sees_it(runner, tmp_path):
    whole = program(b"x" * 60, program_size=64, base=80, segments=20)
    hashed = hashlib.sha256(whole).hexdigest()
    cases = [
        ("whole.pte", whole, hashed, None),
        ("capitals.pte", whole, hashed.upper() + "\n", None),
        ("nohash.pte", PTE.seal(whole), None, None),
        ("unsealed.pte", whole, None, "cut short"),
        ("changed.pte", PTE.seal(whole).replace(b"xx", b"yy"), None, "not the file"),
        ("cut.pte", whole[:-1], None, "cut short"),
        ("short.pte", whole[:20], None, "cut short"),
        ("flipped.pte", whole[:-1] + b"y", hashed, "not the file that was exported"),
        ("foreign.pte", b"PK\3\4" + whole[4:8].replace(b"ET", b"PK") + whole[8:], None, "no Exec"),
        ("empty.pte", b"", None, "empty"),
        ("empty.onnx", b"", None, "empty"),
        ("any.onnx", ONNX.seal(b"onnx"), None, None),
        ("unsealed.onnx", b"onnx" * 50, None, "cut short"),
        ("cut.onnx", ONNX.seal(b"onnx")[:-1], None, "cut short"),
        (
            "changed.onnx",
            ONNX.seal(b"onnx").replace(b"onnx", b"onny"),
            None,
            "not the file",
        ),
        ("flipped.onnx", b"onny", hashlib.sha256(b"onnx").hexdigest(), "not the file"),
        ("negative.pte", program(b"", program_size=2**63, base=0, segments=0), None, "cut short"),
    ]
    vectors = []
    for name, content, sha256, _ in cases:
        (tmp_path / name).write_bytes(content)
        vectors.append({"kind": "file", "path": str(tmp_path / name), "sha256": sha256})
    (tmp_path / "files.json").write_text(json.dumps(vectors))
    (got,) = runner(tmp_path / "files.json")
    for (name, _, _, problem), answer in zip(cases, got, strict=True):
        if problem is None:
            assert answer == "ok", name
        else:
            assert problem in answer["error"], name


def test_metadata_is_found_in_an_onnx_file(runner, tmp_path):
    """Without an engine, since one that is too old for the file must not see it."""
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test", ir_version=8)
    props = {"edgetext": '{"name": "é 🎵"}', "long": "x" * 300, "edgetext_golden": "[]"}
    onnx.helper.set_model_props(model, props)
    whole = model.SerializeToString()
    contents = {"whole": ONNX.seal(whole), "cut": whole[:-3], "text": b"hello\n" * 9}
    for name, content in contents.items():
        (tmp_path / f"{name}.onnx").write_bytes(content)
    vectors = [{"kind": "props", "path": str(tmp_path / f"{name}.onnx")} for name in contents]
    (tmp_path / "props.json").write_text(json.dumps(vectors))
    ((good, cut, text),) = runner(tmp_path / "props.json")
    assert len(good.pop("edgetext_sha256")) == 64
    assert good == props
    assert "cut.onnx" in cut["error"] and "copy it again" in cut["error"]
    assert "text.onnx" in text["error"]


def test_latency_keeps_the_last_calls(runner, tmp_path):
    vector = {"kind": "latency", "last": 4, "percents": [0, 50, 90, 100]}
    vector["nanos"] = [9_000_000, 4_000_000, 1_000_000, 3_000_000, 2_000_000]
    (tmp_path / "latency.json").write_text(json.dumps([vector]))
    assert runner(tmp_path / "latency.json") == [[[1.0, 2.0, 4.0, 4.0]]]
