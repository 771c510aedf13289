"""packages/js as the tests ask it: in Node.js, with made-up runtimes or those that npm brings."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest

from edgetext.targets.catalog import format_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "packages" / "js"
# What `npm install --ignore-scripts --prefix packages/js` brings.
MODULES = PACKAGE / "node_modules"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js: install nodejs")


def needs_module(name: str) -> pytest.MarkDecorator:
    """Skip where an npm package is not there."""
    reason = f"no {name}: npm install --ignore-scripts --prefix packages/js"
    return pytest.mark.skipif(not (MODULES / name).is_dir(), reason=reason)


def ask(questions: list[dict[str, Any]]) -> list[Any]:
    """Give the answers of ask.mjs, which says what a question is."""
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("ask.mjs"))],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def artifact(folder: Path, metadata: Any, golden: Any) -> str:
    """Write a sealed file that has no network, but says these things of itself."""
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test")
    texts = [item if isinstance(item, str) else json.dumps(item) for item in (metadata, golden)]
    names = ["edgetext", "edgetext_golden"]
    onnx.helper.set_model_props(model, dict(zip(names, texts, strict=True)))
    path = folder / f"{len(list(folder.iterdir()))}.onnx"
    path.write_bytes(format_of(".onnx").seal(model.SerializeToString()))
    return str(path)


def encoded(text: str | bytes) -> bytes:
    """UTF-8 as JavaScript has it: U+FFFD in the place of a lone surrogate."""
    if isinstance(text, bytes):
        return text
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text).encode()


def as_question(text: str | bytes) -> Any:
    """A text in a question."""
    return text if isinstance(text, str) else {"base64": base64.b64encode(text).decode()}


def as_python(answer: dict[str, Any]) -> dict[str, Any]:
    """Give an answer of the package as `without_texts` leaves one of Python's.

    Where ranges are is counted anew from their UTF-16 offsets, which thereby are under test.
    """
    units = answer["text"].encode("utf-16-le", "surrogatepass")

    def place(given: dict[str, Any]) -> dict[str, Any]:
        before, words = (
            units[start:end].decode("utf-16-le", "surrogatepass")
            for start, end in ((0, 2 * given["start"]), (2 * given["start"], 2 * given["end"]))
        )
        assert given["text"] == words
        others = {k: v for k, v in given.items() if k not in ("startByte", "endByte", "text")}
        places = {"start": given["startByte"], "end": given["endByte"]}
        chars = {"char_start": len(before), "char_end": len(before) + len(words)}
        return {**others, **places, **chars}

    return {**_fields(answer, place), "truncated": answer["truncated"]}


def _fields(answer: dict[str, Any], place: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The fields of the task, each as Python calls it."""
    if "parts" in answer:
        return {name: _fields(part, place) for name, part in answer["parts"].items()}
    read: dict[str, Any] = {}
    for name in ("spans", "nodes", "sentences"):
        if name in answer:
            read[name] = [place(given) for given in answer[name]]
    for name in ("intent", "vector"):
        if name in answer:
            read[name] = answer[name]
    for name in ("labels", "next", "words"):
        if name in answer:
            read[name] = [{k: v for k, v in x.items() if k != "id"} for x in answer[name]]
    if "noAnswer" in answer:
        read |= {**(place(answer["answer"]) if answer["answer"] else {})}
        read["no_answer"] = answer["noAnswer"]
    if "inScope" in answer:
        read["in_scope"] = answer["inScope"]
    if {"intent", "noAnswer"} & answer.keys():
        read["score"] = answer["score"]
    return read


def without_texts(answer: Any) -> Any:
    """Leave the offsets of what `Prediction.as_json` gives, from which its words follow."""
    if isinstance(answer, list):
        return [without_texts(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    # An answer to a question is words, too.
    words = {"text", "text_b", "tree", "summary", "answer"}
    return {name: without_texts(value) for name, value in answer.items() if name not in words}
