"""The example of docs/extend/target.md: a runtime of one's own in one file, with no edit."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from edgetext.predictor import load

FOLDER = Path(__file__).parents[2] / "docs" / "extend"
FILE = FOLDER / "target" / "lean.py"
TEXTS = ["book a room in Rome on Monday", "is it cold in Zürich?", "", "??"]
# In a process of its own: what is registered stays so.
PROGRAM = """
import json, sys
from pathlib import Path
from edgetext.core.errors import EdgetextError
from edgetext.core.user_modules import load_user_module
from edgetext.predictor import load
from edgetext.targets import catalog
module, path, texts = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
load_user_module(module)
early = "onnxruntime" in sys.modules
model = load(path, runtime="onnxruntime-lean")
lines = [model.predict(text).as_line(text.encode()) for text in texts]
heavy = [name for name in ("torch", "executorch") if name in sys.modules]
try:
    load(path, runtime="onnxruntime-leen")
except EdgetextError as error:
    refusal = str(error)
from edgetext.timing.contenders import Entry, make
timed = make(Entry("lean", str(path), "onnxruntime-lean"), 1).answer(texts[0])
print(json.dumps({
    "lines": lines, "early": early, "heavy": heavy, "refusal": refusal,
    "session": type(model.session).__name__, "golden": len(model.golden),
    "timed": timed.as_line(texts[0].encode()), "owner": catalog.owner(".onnx").name,
    "default": type(load(path).session).__name__,
}))
"""


@pytest.fixture(scope="module")
def outcome(int8_files):
    command = [sys.executable, "-c", PROGRAM, str(FILE), str(int8_files.onnx), json.dumps(TEXTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def parts(lines):
    """The words of some lines, and their probabilities."""
    number = re.compile(r"\d\.\d{3}")
    return [number.sub("", line) for line in lines], [float(number.search(x)[0]) for x in lines]


def test_the_page_shows_the_file():
    page = (FOLDER / "target.md").read_text("utf-8")
    assert f"```python\n{FILE.read_text('utf-8').strip()}\n```" in page


def test_the_named_runtime_gives_the_answers_of_the_files_own(outcome, int8_files):
    usual = load(int8_files.onnx)
    assert outcome["session"] == "LeanSession"
    expected = [usual.predict(text).as_line(text.encode()) for text in TEXTS]
    (words, found), (expected_words, likely) = parts(outcome["lines"]), parts(expected)
    assert words == expected_words
    # Weights that are not packed are added in another order.
    assert found == pytest.approx(likely, abs=0.005)
    assert outcome["golden"] == len(usual.golden) > 0


def test_the_files_own_runtime_stays_the_default(outcome):
    assert (outcome["owner"], outcome["default"]) == ("onnxruntime", "OnnxSession")


def test_registering_it_loads_no_runtime_and_running_it_no_other(outcome):
    assert (outcome["early"], outcome["heavy"]) == (False, [])


def test_a_wrong_name_is_answered_with_both(outcome):
    assert "did you mean onnxruntime-lean?" in outcome["refusal"]
    assert "(known: onnxruntime, onnxruntime-lean, openvino, reference;" in outcome["refusal"]


def test_it_takes_part_in_a_measurement(outcome):
    assert outcome["timed"] == outcome["lines"][0]
