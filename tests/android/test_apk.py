"""The finished APK: what it asks for, and its own code, libraries and artifact on a desktop JVM.

The tests of the second kind need `make -C android_demo/offline replay` to have built its parts.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import onnx
import pytest

from edgetext.targets.catalog import format_of

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "android_demo"
APP = DEMO / "app" / "src" / "main"
ONNX, PTE = format_of(".onnx"), format_of(".pte")
REPLAY = DEMO / "offline" / "build" / "replay"
APK = DEMO / "offline" / "build" / "edgetext-demo.apk"

needs_replay = pytest.mark.skipif(
    not (REPLAY / ".done").exists(), reason="run make -C android_demo/offline replay first"
)


def names(file: Path) -> set[str]:
    return {element.get("name") for element in ElementTree.parse(file).getroot()}


def test_the_app_asks_for_no_permission_and_declares_one_screen():
    manifest = ElementTree.parse(APP / "AndroidManifest.xml").getroot()
    assert [child.tag for child in manifest] == ["application"]
    assert [child.tag for child in manifest[0]] == ["activity"]


def test_night_has_every_colour_of_the_day():
    day, night = (APP / "res" / folder for folder in ("values", "values-night"))
    assert names(day / "colors.xml") == names(night / "colors.xml")
    lengths = [
        len(ElementTree.parse(folder / "colors.xml").getroot().find("array"))
        for folder in (day, night)
    ]
    assert lengths[0] == lengths[1] > 0


def test_the_library_does_not_read_text_itself():
    """The phone's code counts bytes; words, pieces and vocabularies are the artifact's business."""
    sources = sorted((DEMO / "edgetext-android" / "src" / "main").rglob("*.java"))
    sources += sorted(APP.rglob("*.java"))
    assert len(sources) > 15
    for source in sources:
        text = source.read_text(encoding="utf-8")
        for word in ("BreakIterator", "Normalizer", "StringTokenizer", ".split(", "toLowerCase"):
            assert word not in text, (source.name, word)
        # dx and the Java 8 level of the offline build take none of these.
        assert "->" not in text and "::" not in text, source.name
        # Newer than the android.jar of the offline build.
        for call in ("String.join(", "List.of(", "Map.of(", ".stream("):
            assert call not in text, (source.name, call)


def run(artifact: Path, *more: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(DEMO / "offline" / "replay.sh"), str(REPLAY), str(artifact)]
    return subprocess.run([*command, *map(str, more)], capture_output=True, text=True)


@pytest.fixture(scope="module")
def artifact():
    return next(iter(sorted((REPLAY / "apk" / "assets").glob("*.pte"))))


@needs_replay
def test_the_apk_s_parts_replay_every_golden_example(artifact):
    done = run(artifact)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["golden_passed"] == report["golden_total"] > 0
    assert report["failures"] == []


@needs_replay
def test_string_offsets_cut_the_words_that_the_bytes_name(artifact, tmp_path):
    texts = ["play 🎵 by Beyoncé at 7", "Où est Zürich 🇩🇪 ?", "東京 天気 👩‍👩‍👧 now"]
    (tmp_path / "texts").write_text("".join(json.dumps(text) + "\n" for text in texts))
    done = run(artifact, tmp_path / "texts", tmp_path / "answers")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "answers").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(texts)
    for text, line in zip(texts, lines, strict=True):
        for span in json.loads(line)["spans"]:
            start, end = span["bytes"]
            assert span["text"] == text.encode()[start:end].decode()


def described_model() -> bytes:
    """Make a sealed ONNX model with a description, and nothing that it computes."""
    model = onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], []))
    labels = {"intent": ["a"], "slots": []}
    about = {"contract": 1, "task": "classify", "labels": labels, "max_bytes": 1}
    props = {"edgetext": json.dumps(about), "edgetext_golden": "[]"}
    onnx.helper.set_model_props(model, props)
    return ONNX.seal(model.SerializeToString())


@needs_replay
def test_a_file_that_is_no_artifact_gives_a_sentence(artifact, tmp_path):
    whole = artifact.read_bytes()
    flipped = bytes([*whole[:-1000], *(byte ^ 0xFF for byte in whole[-1000:])])
    hashed = hashlib.sha256(whole).hexdigest()
    cases = {"cut.pte": whole[: len(whole) // 2], "foreign.pte": b"PK" + bytes(99)}
    cases |= {"flipped.pte": flipped, "unhashed.pte": flipped, "empty.pte": b"", "no.onnx": b"x"}
    # A sound program that lacks a method.
    cases["other.pte"] = PTE.seal(whole.replace(b"edgetext_golden", b"something_else_"))
    cases["whole.onnx"] = described_model()
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "flipped.pte.sha256").write_text(hashed)
    for name in [*cases, "missing.pte", "model.txt"]:
        done = run(tmp_path / name)
        assert done.returncode == 2, (name, done.stderr)
        sentence = done.stderr.splitlines()[-1]
        # The offline APK carries no ONNX Runtime, and says so.
        wanted = "ONNX Runtime is not in this build" if name == "whole.onnx" else name
        assert wanted in sentence, sentence


@needs_replay
@pytest.mark.skipif(shutil.which("apksigner") is None, reason="no apksigner")
@pytest.mark.slow
def test_the_apk_is_signed():
    done = subprocess.run(["apksigner", "verify", "-v", APK], capture_output=True, text=True)
    assert done.returncode == 0
    assert "Verified using v2 scheme (APK Signature Scheme v2): true" in done.stdout


@needs_replay
@pytest.mark.skipif(shutil.which("proguard") is None, reason="no proguard: install proguard-cli")
@pytest.mark.slow
def test_the_library_answers_after_it_was_shrunk_by_its_own_rules():
    """Without them native code does not find its classes, and the process ends."""
    command = [
        "make",
        "-s",
        "-C",
        DEMO / "offline",
        "shrunk",
        f"ASSETS={REPLAY / 'apk' / 'assets'}",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["golden_passed"] == report["golden_total"] > 0


@needs_replay
@pytest.mark.skipif(not APK.exists(), reason="run make -C android_demo/offline apk first")
def test_libraries_for_pages_of_16_kb_are_those_that_are_known():
    """ExecuTorch's is; fbjni's, of a package that has no others, is not."""
    command = [sys.executable, DEMO / "offline" / "pages.py", APK, "libfbjni.so"]
    done = subprocess.run([*command, "libc++_shared.so"], capture_output=True, text=True)
    assert done.returncode == 0
    lines = [line for line in done.stdout.splitlines() if "libexecutorch.so" in line]
    assert len(lines) == 2 and all("16 kB" in line for line in lines)
