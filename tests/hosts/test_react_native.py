"""The React hooks: their types against the packages of npm, and what they show, in Node.js."""

from __future__ import annotations

import json
import subprocess

import pytest
from javascript import ROOT, needs_node

from edgetext.predictor import load

HOST = ROOT / "hosts" / "react-native"
MODULES = HOST / "node_modules"
HOW = "npm install --ignore-scripts --prefix hosts/react-native"

pytestmark = [
    pytest.mark.slow,
    needs_node,
    pytest.mark.skipif(not (MODULES / "onnxruntime-react-native").is_dir(), reason=HOW),
]


def test_the_types_are_those_of_the_packages():
    command = ["node", str(MODULES / "typescript" / "bin" / "tsc"), "-p", "."]
    done = subprocess.run(command, cwd=HOST, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_component_shows_the_answers_of_python_and_closes_its_model(joint_files):
    done = subprocess.run(
        ["node", "test/hooks.mjs", str(joint_files.onnx)],
        cwd=HOST,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    model = load(joint_files.onnx)
    for name in ("first", "second"):
        answer = model.predict(shown[name]["text"])
        spans = [(s["label"], s["startByte"], s["endByte"]) for s in shown[name]["spans"]]
        assert (shown[name]["intent"], spans) == (
            answer.intent,
            [(span.label, span.start, span.end) for span in answer.spans],
        )
    assert shown["began"] and shown["isSame"] and shown["isKnown"]
    assert "none.onnx" in shown["error"] and "could not be read" in shown["error"]
    assert shown["closed"] == "is closed"
