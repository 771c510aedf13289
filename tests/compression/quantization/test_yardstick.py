"""quantize --data: what the user's own texts say of a quantized model, and what is kept for it."""

import random

import pytest

from edgetext.api.quantize import quantize
from edgetext.artifacts.card import model_card
from edgetext.cli import main
from edgetext.compression.quantization.yardstick import AGREEMENT, Yardstick
from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.models.quantized import weights


@pytest.fixture
def own_texts(tmp_path):
    path = tmp_path / "texts.txt"
    words = ["book", "a", "seat", "to", "Paris", "will", "it", "rain", "find", "room", "in", "on"]
    mixed = [" ".join(random.Random(i).choices(words, k=2 + i % 7)) for i in range(60)]
    path.write_text("\n".join([*mixed[:9], "", *mixed[9:]]))
    return path


def test_texts_without_labels_agree_with_the_model_itself(joint, own_texts):
    model = Model.load(joint)
    yardstick = Yardstick.of_file(model, own_texts)
    assert len(yardstick.test) == 60
    assert yardstick.judged(model.network).metrics == {AGREEMENT: 1.0}


def test_labeled_examples_have_the_metrics_of_the_task(joint, data):
    model = Model.load(joint)
    found = Yardstick.of_file(model, data / "test.tsv").judged(model.network).metrics
    assert found == Yardstick.of_recipe(model, model.recipe()).judged(model.network).metrics


def test_the_worst_layers_stay_float_until_the_answers_agree(joint, own_texts, monkeypatch):
    monkeypatch.setattr(weights, "INT8_MAX", 1)
    result = quantize(Model.load(joint), data=own_texts, max_drop=0.0)
    assert result.kept and result.after == {AGREEMENT: 1.0}
    gate = result.model.header.history[-1].extra["gate"]
    assert gate["texts"] == 60 and gate["kept"] == result.kept
    card = model_card(result.model.metadata(), [], [], result.model.header.history)
    assert "## What quantization cost" in card and result.kept[0] in card


def test_an_empty_file_is_refused(joint, tmp_path):
    (tmp_path / "none.txt").write_text("\n")
    with pytest.raises(EdgetextError, match="there is no text in it"):
        Yardstick.of_file(Model.load(joint), tmp_path / "none.txt")


def test_the_command_names_the_file(joint, own_texts, tmp_path, capsys):
    options = ["--int8", "--data", str(own_texts), "-o", str(tmp_path / "int8.pt")]
    assert main(["quantize", str(joint), *options]) == 0
    assert "texts.txt" in capsys.readouterr().out
