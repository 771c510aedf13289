"""Files that edgetext 0.1 wrote still answer, alike in each runtime.

tests/files/0.1: a tiny int8 joint model of conftest's texts, before files said which release they
need and before the rows of words began with one of [CLS].
"""

import json
from pathlib import Path

import pytest
import torch

from edgetext.data.example import Span
from edgetext.evaluation.verify import replay
from edgetext.models import build_network
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


def test_a_checkpoint_with_words_that_were_renamed_answers_silently(joint, tmp_path, caplog):
    content = torch.load(joint, weights_only=True)
    header = json.loads(content["header"])
    fields = {"embedding": 8, "hidden": 8, "residual": False, "dropout": 0.0}
    layers = {"layers": 2, "kernel": [3, 1], "heads": 1, "attention_after": 1}
    header["recipe"]["encoder"] = {"type": "conv", **fields, **layers, "normalize": False}
    pieces = len(header["vocabulary"]["pieces"])
    network = build_network(header["recipe"], pieces, header["labels"])
    answers = []
    for old in (False, True):
        if old:
            training = header["recipe"]["training"]
            training["average"] = training.pop("ema_decay", training.get("average", 0.0))
            layers = {"kernels": [3, 1], "attend": 1}
            encoder = {"type": "window", **fields, **layers, "normalise": False}
            header["recipe"]["encoder"] = encoder
        path = tmp_path / f"{old}.pt"
        torch.save({"header": json.dumps(header), "tensors": network.state_dict()}, path)
        answers.append(load(path).predict("a room in Rome"))
    assert answers[0] == answers[1] and caplog.messages == []
