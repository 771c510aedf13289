"""Files that edgetext 0.1 wrote still answer, alike in each runtime.

tests/files/0.1: a tiny int8 joint model of conftest's texts, before files said which release they
need and before the rows of words began with one of [CLS].
"""

from pathlib import Path

import pytest

from edgetext.data.example import Span
from edgetext.evaluation.verify import replay
from edgetext.predictor import load

FILES = Path(__file__).parents[1] / "files" / "0.1"


@pytest.mark.parametrize("suffix", [".pt", ".onnx", ".pte"])
def test_a_file_of_0_1_answers(suffix):
    model = load(FILES / f"joint-int8{suffix}")
    answer = model.predict("a room in Rome")
    assert (answer.intent, answer.spans) == ("hotel", (Span("city", 10, 14),))
    assert model.predict("").spans == ()
    assert all(result.same for result in replay(model)) and (suffix == ".pt") == (not model.golden)


def test_a_checkpoint_of_0_1_can_be_exported(tmp_path):
    from edgetext.cli import main

    target = tmp_path / "again.onnx"
    assert main(["export", str(FILES / "joint-int8.pt"), "-o", str(target)]) == 0
    assert load(target).predict("a room in Rome").intent == "hotel"
