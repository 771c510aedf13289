"""Explanations of every task, of checkpoints and of files."""

from pathlib import Path

import every_task
import huggingface_models
import pytest

import edgetext
from edgetext.core.errors import EdgetextError
from edgetext.interpretation.explain import explain
from edgetext.interpretation.manner import Manner
from edgetext.predictor import load
from edgetext.tasks.explaining import Asked

TEXT = "is it cold in Zürich tomorrow?"
ONE = "Is it cold in Oslo. So a room in Rome. Done."
TWO = ("where is the weather?", "is it cold in Zürich?")


@pytest.fixture(scope="module")
def folder(models):
    path = models / "every_task"
    path.mkdir(exist_ok=True)
    return path


def strongest(explanation):
    best = max(explanation.parts, key=lambda part: part.weight)
    return explanation.texts[best.whose][best.start : best.end].decode()


@pytest.mark.parametrize("name", [*every_task.MODELS, "multi"])
def test_every_task_is_explained_by_gradients(folder, name):
    pytest.importorskip("captum", reason="it is of the extra `explain`")
    predictor = load(every_task.trained_in(folder, name))
    texts = TWO if len(predictor.task.inputs) == 2 else (("fly to ",) if name == "lm" else (ONE,))
    explanation = explain(predictor, texts, manner=Manner("gradients"))
    assert explanation.method == "integrated gradients, from [UNK]"
    # The weights add up to what all words change, which is what integrated gradients promise; of
    # two texts the marks tell, too, whether these begin alike.
    least = 0.05 if len(texts) == 1 else 0.3
    assert abs(explanation.missing) <= least + 0.05 * abs(explanation.change)
    for part in explanation.parts:
        assert explanation.texts[part.whose][part.start : part.end].strip()


def test_the_words_that_say_it_weigh_most(predictors):
    pytest.importorskip("captum", reason="it is of the extra `explain`")
    each = Manner("search"), Manner("occlusion"), Manner(steps=3), Manner(baseline="zero")
    for manner in each:
        explanation = explain(predictors["joint"].pt, [TEXT], manner=manner)
        assert explanation.goal.label == "weather"
        assert strongest(explanation) in ("is", "it", "cold")
    other = explain(predictors["joint"].pt, [TEXT], Asked(label="flight"), Manner("gradients"))
    assert other.goal.label == "flight"
    assert min(other.parts, key=lambda part: part.weight).weight < 0


def test_files_of_every_runtime_are_explained_alike(predictors):
    each = predictors["int8"]
    manners = Manner("occlusion"), Manner(), Manner()
    files = zip((each.pt, each.onnx, each.pte), manners, strict=True)
    explanations = [explain(predictor, [TEXT], manner=manner) for predictor, manner in files]
    assert {e.method for e in explanations} == {"occlusion"}
    assert len({strongest(e) for e in explanations}) == 1
    first, *others = ([part.weight for part in e.parts] for e in explanations)
    for weights in others:
        assert weights == pytest.approx(first, abs=0.05)
    searched = [explain(p, [TEXT], manner=Manner("search")) for p in (each.pt, each.onnx)]
    weights = [[part.weight for part in e.parts] for e in searched]
    assert weights[0] == pytest.approx(weights[1], abs=0.1)


def test_a_checkpoint_says_why_it_has_no_gradients(predictors):
    explanation = explain(predictors["int8"].pt, [TEXT], Asked(span=1))
    assert explanation.method == "occlusion"
    assert "no gradient" in explanation.notes[0]
    assert not explain(predictors["int8"].onnx, [TEXT], Asked(span=1)).notes


def test_a_batch_file_answers_as_the_others_do(batch_files, predictors):
    weights = [
        [part.weight for part in explain(p, [TEXT]).parts]
        for p in (load(batch_files.int8), predictors["int8"].onnx)
    ]
    assert weights[0] == pytest.approx(weights[1], abs=0.05)


def test_a_span_is_explained(predictors):
    explanation = explain(predictors["int8"].onnx, [TEXT], Asked(span=1))
    assert explanation.goal.words == "city at bytes 14 to 21"
    assert strongest(explanation) == "Zürich"


def test_bytes_and_broken_text(predictors):
    pytest.importorskip("captum", reason="it is of the extra `explain`")
    by_bytes = explain(predictors["int8"].onnx, [b"a room \xff"], manner=Manner(by="bytes"))
    assert [(p.start, p.end) for p in by_bytes.parts] == [(n, n + 1) for n in (0, 2, 3, 4, 5, 7)]
    text = b"\xff\xfe is it cold in Z\xc3\xbcrich?"
    by_pieces = explain(predictors["joint"].pt, [text], manner=Manner(by="pieces"))
    joined = b"".join(text[part.start : part.end] for part in by_pieces.parts)
    assert joined.replace(b"\xff\xfe", b"").decode() == "isitcoldinZürich?"


def test_a_text_beyond_the_limit_says_so(predictors):
    explanation = explain(predictors["int8"].onnx, ["fly to Rome " * 10])
    assert any("longer than the model reads" in note for note in explanation.notes)


@pytest.mark.parametrize(
    ("asked", "manner", "message"),
    [
        (Asked(label="wether"), Manner(), "no label 'wether'; did you mean weather?"),
        (Asked(label="a thing"), Manner(), "it has "),
        (Asked(span=7), Manner(), "--span 7: the answer has 2 spans; give a number up to 2"),
        (Asked(span=1, label="cty"), Manner(), "no span of the model is called 'cty'; did you me"),
        (Asked(), Manner("gradients"), "--method gradients: .* has no gradients. Rounding to int"),
        (Asked(), Manner(by="pieces"), "--by pieces: .* has no gradients"),
        (Asked(), Manner(layer="encoder"), "--layer: .* has no gradients"),
        (Asked(), Manner("occlusion", layer="encoder"), "--layer is of gradients"),
        (Asked(), Manner("occlusion", by="pieces"), "--by pieces is of gradients"),
        (Asked(), Manner("gradients", by="bytes"), "only occlusion weighs bytes; leave out --meth"),
        (Asked(), Manner(by="bytes", steps=4), "only occlusion weighs bytes; leave out --steps"),
        (Asked(), Manner("occlusion", steps=4), "--steps is of gradients; leave out --method occ"),
        (Asked(), Manner("search", baseline="zero"), "--baseline is of gradients; leave out --me"),
        (Asked(), Manner(steps=4), "--steps: .* has no gradients. Rounding to integers"),
        (Asked(), Manner(baseline="zero"), "--baseline: .* has no gradients. Rounding to int"),
    ],
)
def test_what_there_is_not_is_a_sentence(predictors, asked, manner, message):
    with pytest.raises(EdgetextError, match=message):
        explain(predictors["int8"].pt, [TEXT], asked, manner)


@pytest.mark.parametrize("text", ["", " \t\n"])
def test_a_text_without_a_word_is_refused(predictors, text):
    with pytest.raises(EdgetextError, match="the text has no word"):
        explain(predictors["int8"].onnx, [text])


def test_a_task_without_spans_has_none_to_explain(predictors):
    with pytest.raises(EdgetextError, match="answers of task classify have no spans"):
        explain(predictors["classify"].onnx, [TEXT], Asked(span=1))
    with pytest.raises(EdgetextError, match="finds no span in this text"):
        explain(predictors["tag"].onnx, ["?"])
    with pytest.raises(EdgetextError, match=r"has no task 'trip'; did you mean trips\?"):
        explain(predictors["multi"].onnx, [TEXT], Asked(part="trip"))
    with pytest.raises(EdgetextError, match=r"--part: .* has one task, joint; leave it out"):
        explain(predictors["joint"].onnx, [TEXT], Asked(part="trips"))


def test_without_captum_it_says_what_to_install(predictors, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "captum.attr", None)
    with pytest.raises(EdgetextError, match=r"edgetext\[explain\]"):
        explain(predictors["joint"].pt, [TEXT], manner=Manner("gradients"))
    assert explain(predictors["joint"].pt, [TEXT]).method == "search"


def test_an_explanation_as_json(predictors):
    row = explain(predictors["int8"].onnx, [TEXT]).as_json()
    assert row["intent"] == "weather" and row["explained"]["label"] == "weather"
    assert [part["text"] for part in row["parts"]][:3] == ["is", "it", "cold"]
    assert row["parts"][4]["text"] == "Zürich" and row["parts"][4]["end"] == 21
    assert Path(row["model"]).suffix == ".onnx"


@pytest.mark.parametrize("head", ["ForSequenceClassification", "ForTokenClassification"])
def test_an_imported_model_is_explained(tmp_path, head):
    pytest.importorskip("captum", reason="it is of the extra `explain`")
    labels = ["yes", "no"] if "Sequence" in head else ["O", "B-x", "I-x"]
    huggingface_models.write_model(tmp_path / "bert", "bert", head, labels)
    edgetext.import_model(tmp_path / "bert").save(tmp_path / "bert.pt")
    predictor, texts = load(tmp_path / "bert.pt"), ["the cat sat in Paris"]
    searches = "Sequence" in head
    assert explain(predictor, texts).method.startswith("search" if searches else "integrated")
    explanation = explain(predictor, texts, manner=Manner("gradients"))
    assert explanation.method == "integrated gradients, from [UNK]"
    assert len(explanation.parts) == 5


def test_an_imported_model_of_two_texts_says_why_it_has_no_gradients(tmp_path):
    huggingface_models.write_model(tmp_path / "bert", "bert", "ForQuestionAnswering")
    edgetext.import_model(tmp_path / "bert").save(tmp_path / "bert.pt")
    explanation = explain(load(tmp_path / "bert.pt"), ["who sat?", "the cat sat in Paris"])
    assert explanation.method == "occlusion" and "one sequence of its own" in explanation.notes[0]
