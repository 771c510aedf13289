"""`edgetext calibrate` writes what its files answer by, in every runtime."""

import json
from dataclasses import replace

import numpy as np
import pytest

import edgetext
from edgetext.core.errors import EdgetextError
from edgetext.labeling.job import Question
from edgetext.model.contract import write_golden
from edgetext.model.model import Model
from edgetext.predictor import as_array
from edgetext.serving.tensors import joined_outputs
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge
from edgetext.training.splits import load_split

TEXTS = ["book a table", "zxcv qwer", "play some jazz", "what is the meaning of life"]


@pytest.fixture(scope="module")
def calibrated(classify, tmp_path_factory):
    """A classifier that may take a third of what it knows for something unknown."""
    result = edgetext.calibrate(classify, false_alarms=0.3)
    path = tmp_path_factory.mktemp("calibrated") / "classify.pt"
    result.model.save(path)
    return path, result


def test_all_runtimes_answer_by_it(calibrated, classify):
    path, _ = calibrated
    exported = edgetext.export(path, target="mobile")
    assert exported.files
    models = [edgetext.load(file) for file in (path, *exported.files)]
    for text in TEXTS:
        one, *others = [model.predict(text) for model in models]
        assert list(one.scores)[-1] == "oos" and sum(one.scores.values()) == pytest.approx(1)
        assert one.in_scope is (one.intent != "oos")
        for other in others:
            assert (other.intent, other.in_scope) == (one.intent, one.in_scope)
            assert np.allclose(list(other.scores.values()), list(one.scores.values()), atol=1e-5)
    before = edgetext.load(classify).predict(TEXTS[0])
    assert "oos" not in before.scores and before.in_scope is None
    asked = [*TEXTS, *known(path)]
    assert {models[1].predict(text).in_scope for text in asked} == {True, False}
    pte, onnx = sorted(exported.files, key=lambda file: file.suffix, reverse=True)
    for file in (pte, onnx):
        outputs = edgetext.load(file).metadata.fields["outputs"]
        assert outputs == ["scores", "in_scope", "truncated"]
        assert all("in_scope" in row for row in golden_of(file))
    # The others keep their order, whatever the temperature.
    ranked = sorted(before.scores, key=before.scores.get)
    after = models[0].predict(TEXTS[0]).scores
    assert [x for x in sorted(after, key=after.get) if x != "oos"] == ranked


def known(checkpoint):
    """Texts of the data that a model learned from, most of which it knows."""
    return [e.text for e in load_split(Model.load(checkpoint).recipe(), "valid")][:20]


def golden_of(file):
    """The rows of a file's golden examples."""
    predictor = edgetext.load(file)
    return json.loads(write_golden(predictor.golden, predictor.metadata))


def test_a_joint_file_tells_it_between_scores_and_spans(joint, tmp_path):
    """Where hosts that look for scores first and spans last still have both."""
    model = edgetext.calibrate(joint, false_alarms=0.3).model
    model.save(tmp_path / "j.pt")
    (file,) = edgetext.export(tmp_path / "j.pt", target="server").files
    (batch,) = edgetext.export(tmp_path / "j.pt", target="server", batch=True).files
    one, several = edgetext.load(file), edgetext.load(batch)
    assert one.metadata.fields["outputs"] == ["scores", "in_scope", "spans", "truncated"]
    asked = [*TEXTS, *known(joint)]
    for answers in ([one.predict(text) for text in asked], several.predict_many(asked)):
        assert [answer.in_scope for answer in answers] == [x.intent != "oos" for x in answers]
        assert {answer.in_scope for answer in answers} == {True, False}
    question = Question(file)
    assert question.types(one)["in_scope"] is bool
    assert "in_scope" not in question.types(edgetext.load(joint))
    each = [several.session.run(as_array(text.encode(), 64)) for text in TEXTS]
    (told,) = joined_outputs(several.session.outputs, each, ["in_scope"]).values()
    assert told.dtype == np.int32 and told.shape == (len(TEXTS),)


def test_an_answer_out_of_scope_says_so(calibrated):
    path, _ = calibrated
    outside = next(a for a in map(edgetext.load(path).predict, TEXTS) if not a.in_scope)
    assert outside.json_answer(b"")["in_scope"] is False and "out of scope" in outside.as_line(b"")
    assert not outside.fault(9) and replace(outside, in_scope=True).fault(9)


def test_no_more_texts_than_wanted_are_taken_for_others(calibrated):
    _, result = calibrated
    assert result.after.false_alarms <= 0.5 and result.before.false_alarms == 0
    assert result.calibration.added and result.calibration.outside == "oos"


def test_texts_about_nothing_known_are_made_where_there_are_none(classify):
    result = edgetext.calibrate(classify, scope_recall=0.5, negatives="mix")
    less = edgetext.calibrate(classify, scope_recall=0.1, negatives="mix")
    assert result.calibration.added and result.calibration.outside == "oos"
    # The more of them are to be recognized, the readier it is to say so.
    assert result.calibration.score > less.calibration.score
    # They are for that alone: what is reported is the test split, which has none.
    assert (
        result.after.recall is None
        and result.calibration.temperature == less.calibration.temperature
    )
    with pytest.raises(EdgetextError, match="give scope_recall"):
        edgetext.calibrate(classify, negatives="mix")


def test_a_label_that_the_model_lacks_is_said(classify, tmp_path, refused):
    rows = [{"text": text, "label": "oos"} for text in TEXTS]
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = refused("calibrate", classify, "--data", tmp_path / "d.jsonl", "-o", tmp_path / "x.pt")
    assert "has no label oos; give --scope-recall or --false-alarms" in said


def test_it_is_kept_when_the_model_is_quantized(calibrated):
    path, result = calibrated
    smaller = edgetext.quantize(path).model
    assert smaller.header.calibration == result.model.header.calibration
    assert smaller.metadata().labels["intent"][-1] == "oos"


def test_it_is_kept_and_measured_when_the_model_is_pruned(calibrated):
    path, result = calibrated
    cut = edgetext.prune(path, ratio=0.2, epochs=1, qat_epochs=0).model
    assert cut.header.calibration == result.model.header.calibration
    answered = EncodedSet.of_model(cut, load_split(cut.recipe(), "test"))
    measured = cut.header.metrics["test"]
    assert measured and measured.items() <= judge(cut.network, answered).figures.items()


def test_the_command_prints_what_probabilities_are_worth(joint, tmp_path, capsys):
    from edgetext.cli import main

    output = tmp_path / "j.pt"
    assert main(["calibrate", str(joint), "-o", str(output)]) == 0
    told = capsys.readouterr().out
    assert "expected calibration error" in told and f"wrote {output}" in told
    header = Model.load(output).header
    assert json.loads(json.dumps(header.as_dict()))["format_version"] == 3
    # Slots are found by what the network learnt, and stay.
    text = "book a table for two in paris"
    assert edgetext.load(output).predict(text).spans == edgetext.load(joint).predict(text).spans


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scope-recall", "0.5", "--false-alarms", "0.1"], "each decides the other"),
        (["--scope-recall", "0.5"], "no text is about nothing known"),
        (["--scope-recall", "0"], "not in the range"),
        (["--negatives", "mix"], "needs --scope-recall"),
        (["--scope-recall", "0.5", "--negatives", "noise"], "is not one of"),
        (["--false-alarms", "0.0001"], "is less than one of the"),
        (["--data", "none.tsv"], "none.tsv"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, said, classify, tmp_path, refused):
    output = tmp_path / "x.pt"
    assert said in refused("calibrate", classify, *arguments, "-o", output)
    assert not output.exists()


def test_other_tasks_are_not_calibrated(tag, tmp_path, refused):
    assert "task tag is not calibrated" in refused("calibrate", tag, "-o", tmp_path / "x.pt")
