"""The package in headless Chromium, in the page and in a worker, answers what Python answers."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from devtools import browser, needs_chromium, served
from every_task import exported, trained_in
from javascript import (
    MODULES,
    PACKAGE,
    as_python,
    as_question,
    encoded,
    needs_module,
    needs_node,
    without_texts,
)

from edgetext.predictor import load

pytestmark = [pytest.mark.slow, needs_chromium, needs_node, needs_module("onnxruntime-web")]

TASKS = ["joint", "classify", "tag", "multi_label", "parse", "lm", "match", "qa", "summarize"]
TASKS += ["multi"]
TEXTS = [
    "is it cold in 東京? 😀 fly to Zürich",
    "\ud83d fly to Rome \udc00",
    "",
    "fly to Oslo " * 20 + "😀",
    b"\xff a room in R\xc3me",
]
# What the page does: loads a model in one of two ways and answers a list of texts.
ASKED = """
(async ({ way, model, texts, isMany }) => {
  const { load } = await import(`/edgetext/${way}.js`);
  const address = new URL("/ort/ort.wasm.min.mjs", location.href).href;
  const runtime = way === "worker" ? address : await import(address);
  const loaded = await load(model, { runtime, wasmPaths: new URL("/ort/", location.href).href });
  const textOf = (value) =>
    value.base64 === undefined
      ? value
      : Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0));
  const given = texts.map((list) => list.map(textOf));
  const answers = await loaded.predictMany(given);
  const { isPassed, total } = await loaded.verify();
  await loaded.close();
  return JSON.stringify({ answers, isPassed, total }, (_, value) =>
    ArrayBuffer.isView(value) ? [...value] : value,
  );
})
"""


@pytest.fixture(scope="module")
def folder(models, batch_files, tmp_path_factory):
    """A folder to serve: the package, the runtime, and a file of every task."""
    root = tmp_path_factory.mktemp("served")
    shutil.copytree(PACKAGE / "src", root / "edgetext")
    shutil.copytree(MODULES / "onnxruntime-web" / "dist", root / "ort")
    (root / "index.html").write_text("<!doctype html><title>test</title>")
    for name in TASKS:
        trained = trained_in(models / "every-task", name)
        shutil.copy(exported(trained, trained.with_suffix(".onnx")), root)
    shutil.copy(batch_files.classify, root / "batch.onnx")
    return root


@pytest.fixture(scope="module")
def page(folder):
    with served(folder) as address, browser() as chromium:
        page = chromium.page()
        page.open(f"{address}/index.html")
        yield page


@pytest.mark.parametrize("way", ["browser", "worker"])
@pytest.mark.parametrize("name", [*TASKS, "batch"])
def test_a_file_answers_as_in_python(page, folder, way, name):
    predictor = load(folder / f"{name}.onnx")
    inputs = len(predictor.task.inputs)
    texts = [("where is it? 🇫🇷", text)[-inputs:] for text in TEXTS]
    question = {"way": way, "model": f"{name}.onnx"}
    question["texts"] = [[as_question(text) for text in given] for given in texts]
    got = json.loads(page.evaluate(f"({ASKED})({json.dumps(question)})"))
    assert got["isPassed"] and got["total"] == len(predictor.golden)
    for given, own in zip(texts, got["answers"], strict=True):
        data = [encoded(text) for text in given]
        (answer,) = predictor.predict_many([data])
        assert places(without_texts(answer.as_json(data[-1]))) == places(as_python(own)), given


def places(answer: Any) -> Any:
    """What an answer says, but for how sure it is, and for lists of nothing."""
    if isinstance(answer, dict):
        kept = {k: places(v) for k, v in answer.items() if k not in ("score", "no_answer")}
        return {name: value for name, value in kept.items() if value != []}
    return [places(item) for item in answer] if isinstance(answer, list) else answer


def sentence(page: Any, way: str, source: str, options: str = "{}") -> str:
    """What the page is told of a model that does not load."""
    script = f"""(async () => {{
      const {{ load, EdgeTextError }} = await import("/edgetext/{way}.js");
      try {{
        await load({source}, {options});
        return "loaded";
      }} catch (error) {{
        return error instanceof EdgeTextError ? error.message : `unknown: ${{error}}`;
      }}
    }})()"""
    return str(page.evaluate(script))


@pytest.mark.parametrize("way", ["browser", "worker"])
def test_what_does_not_load_is_a_sentence_in_both_ways(page, way):
    address = "'/ort/ort.wasm.min.mjs'"
    module = address if way == "worker" else f"await import({address})"
    runtime = f"{{ runtime: {module} }}"
    assert "is not there (HTTP 404)" in sentence(page, way, "'no.onnx'", runtime)
    assert "is damaged" in sentence(page, way, "new Uint8Array(9)", runtime)
    assert "not by a number" in sentence(page, way, "7", runtime)
    assert "onnxruntime-web/wasm could not be loaded" in sentence(page, way, "'tag.onnx'")


def test_bytes_are_handed_to_the_worker_and_not_copied(page):
    script = """(async () => {
      const { load } = await import("/edgetext/worker.js");
      const file = new Uint8Array(await (await fetch("classify.onnx")).arrayBuffer());
      const runtime = new URL("/ort/ort.wasm.min.mjs", location.href).href;
      const model = await load(file, { runtime });
      const { intent } = await model.predict("is it cold in Rome?");
      await model.close();
      const after = await model.predict("a").catch((error) => error.message);
      return [file.length, intent, after];
    })()"""
    assert page.evaluate(script) == [0, "weather", "The model is closed; load it again."]


def test_a_worker_is_given_the_address_of_a_runtime_alone(page):
    said = sentence(page, "worker", "'classify.onnx'", "{ runtime: { env: {} } }")
    assert "the option runtime is the address of a module" in said
