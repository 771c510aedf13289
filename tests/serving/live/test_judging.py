"""What is known after some answers, with two models of a task."""

import json
import sqlite3

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.serving.live.page import evaluation_page
from edgetext.serving.live.settings import Candidate, Guards, LiveSettings

TEXTS = [f"{words} number {i}" for i in range(10) for words in ("a cheap hotel", "will it rain")]
NOW = 1e9


@pytest.fixture
def fed(judging, answer):
    """fed(**fields) -> a Judging that has compared TEXTS, and the label that each was answered."""

    def make(arm="serving", **fields):
        judged = judging(**fields)
        labels = {}
        for number, text in enumerate(TEXTS):
            labels[f"r{number}"] = answer(judged, f"r{number}", text, arm)
        while judged.pending:
            judged.judge_one(NOW)
        return judged, labels

    return make


def model_of(judged):
    return json.loads(json.dumps(judged.figures(NOW)))["models"]["classify"]


def test_both_models_are_compared(fed, weak, classify_files):
    from edgetext.predictor import load

    judged, _ = fed(keep_text=True)
    ours, theirs = load(classify_files.onnx), load(weak)
    same = [ours.predict(x).intent == theirs.predict(x).intent for x in TEXTS]
    assert 0 < sum(same) < len(same)
    model = model_of(judged)
    assert (model["agreement"]["count"], model["agreement"]["of"]) == (sum(same), len(same))
    assert model["agreement"]["label"]["count"] == sum(same) and "spans" not in model["agreement"]
    assert sum(x["count"] for x in model["disagreements"]) == len(same) - sum(same)
    pair = model["disagreements"][0]
    assert pair["serving"] != pair["candidate"] and pair["kind"] == "label"
    assert {x["text"][0] for x in model["texts"]} == {
        text for text, agreed in zip(TEXTS, same, strict=True) if not agreed
    }
    assert model["latency"]["texts"] == 4 and model["latency"]["ratio"] > 0


def test_the_candidates_answers_are_compared_with_the_serving_models(fed):
    one, other = model_of(fed()[0]), model_of(fed("candidate", kind="canaries")[0])
    assert one["agreement"]["count"] == other["agreement"]["count"]
    assert one["disagreements"] == other["disagreements"]


def test_texts_are_not_kept_unasked(fed):
    judged, _ = fed()
    assert "cheap" not in json.dumps(judged.figures(NOW))


def test_feedback_is_joined_with_both_answers(fed, feed_back):
    judged, labels = fed()
    for name, label in labels.items():
        reply = feed_back(judged, id=name, label=label)
        assert reply["body"]["answered"] == "serving" and reply["body"]["right"]["serving"]
    accuracy = model_of(judged)["accuracy"]
    agreed = model_of(judged)["agreement"]["count"]
    assert accuracy["serving"]["share"] == 1 and accuracy["candidate"]["count"] == agreed
    together = accuracy["together"]
    assert (together["both"], together["serving_alone"]) == (agreed, len(TEXTS) - agreed)
    assert together["mcnemar_p"] < 0.05


def test_feedback_that_comes_first_waits_for_the_other_model(judging, answer, feed_back):
    judged = judging()
    label = answer(judged, "a", TEXTS[0])
    assert feed_back(judged, id="a", label=label)["body"]["right"]["candidate"] is None
    judged.judge_one(NOW)
    accuracy = model_of(judged)["accuracy"]
    assert accuracy["candidate"]["of"] == accuracy["serving"]["of"] == 1


def test_the_last_feedback_counts(judging, answer, feed_back):
    judged = judging()
    right = answer(judged, "a", TEXTS[0], sampled=False)
    wrong = next(x for x in ("hotel", "weather", "flight") if x != right)
    for label in (right, right, wrong):
        feed_back(judged, id="a", label=label)
    serving = model_of(judged)["accuracy"]["serving"]
    assert (serving["count"], serving["of"]) == (0, 1)


def test_feedback_that_cannot_be_joined(judging, answer, feed_back):
    judged = judging()
    answer(judged, "a", TEXTS[0])
    assert feed_back(judged, id="b", label="hotel")["status"] == 404
    assert feed_back(judged, id="a", label="train")["status"] == 422
    assert "say which, from 0 to 0" in feed_back(judged, id="a", index=1, label="hotel")["error"]
    assert feed_back(judged, now=NOW + 25 * 3600, id="a", label="hotel")["status"] == 404


def test_an_id_that_is_used_again_is_about_the_last_answer(judging, answer, feed_back):
    judged = judging()
    answer(judged, "a", TEXTS[0], now=NOW)
    label = answer(judged, "a", TEXTS[1], now=NOW + 1)
    while judged.pending:
        judged.judge_one(NOW)
    assert model_of(judged)["agreement"]["of"] == 2
    assert feed_back(judged, id="a", label=label)["body"]["right"]["serving"]


def test_what_does_not_fit_is_counted(judging, answer):
    from edgetext.serving.live.judging import WAITING

    judged = judging()
    for number in range(WAITING + 3):
        answer(judged, f"r{number}", "a")
    judged_lost = list(judged.take([["lost", "classify", 5, 2]], NOW))
    model = model_of(judged)
    assert (judged_lost, model["dropped"], model["skipped"]) == ([], 8, 2)


def test_all_of_it_survives_a_restart(judging, fed, answer, feed_back, tmp_path):
    judged, labels = fed(keep_text=True, state=tmp_path)
    feed_back(judged, id="r0", label=labels["r0"])
    before = model_of(judged)
    judged.save(NOW)
    judged.close()
    again = judging(keep_text=True, state=tmp_path)
    assert model_of(again) == before
    assert feed_back(again, id="r1", label=labels["r1"])["body"]["right"]["serving"]


def test_drift_is_told_once_there_is_time_for_it(judging, answer):
    from edgetext.serving.live.judging import DRIFT

    judged = judging()
    judged.figures(NOW)
    answer(judged, "a", "a")
    assert judged.has_news(NOW)
    first = judged.figures(NOW)
    assert not judged.has_news(NOW + DRIFT / 2) and judged.has_news(NOW + DRIFT)
    second = judged.figures(NOW + DRIFT)
    assert not judged.has_news(NOW + 9 * DRIFT)
    counts = [x["models"]["classify"]["drift"]["serving"]["reference"] for x in (first, second)]
    assert counts == [0, 1]


def test_a_canary_that_ends_stays_ended(judging, fed, tmp_path):
    guards = Guards(agreement=0.98, texts=10)
    judged, _ = fed("candidate", kind="canaries", state=tmp_path, guards=guards)
    assert judged.open_canaries() == ["classify"]
    ((name, why),) = judged.guard(NOW)
    assert name == "classify" and "agreement" in why
    assert not list(judged.guard(NOW)) and judged.open_canaries() == []
    judged.save(NOW)
    judged.close()
    again = judging("canaries", state=tmp_path, guards=guards)
    assert again.open_canaries() == [] and model_of(again)["canary"]["why"] == why


def test_a_state_that_cannot_be_written_is_said_once(fed, answer, tmp_path, capfd):
    judged, _ = fed(state=tmp_path)
    other = sqlite3.connect(tmp_path / "evaluation.sqlite", isolation_level=None)
    other.execute("PRAGMA busy_timeout = 0")
    other.execute("BEGIN IMMEDIATE")
    judged.save(NOW)
    judged.save(NOW)
    assert judged.state_errors == 2 and judged.figures(NOW)["state_errors"] == 2
    assert capfd.readouterr().err.count("cannot be written") == 1
    other.execute("ROLLBACK")
    other.close()
    judged.save(NOW)
    assert judged.state_errors == 2


def test_a_stored_reference_is_taken(fed, judging, tmp_path):
    judged, _ = fed()
    file = tmp_path / "evaluation.json"
    file.write_text(json.dumps(judged.figures(NOW)))
    again = judging(reference=file)
    window = model_of(again)["drift"]["serving"]["window"]
    assert window == model_of(judged)["drift"]["serving"]["window"] and len(window["scores"]) == 20
    file.write_text("{}")
    with pytest.raises(EdgetextError, match="no answer of /v1/evaluation"):
        judging(reference=file)


def test_a_page_needs_nothing_else(fed, feed_back):
    judged, labels = fed(keep_text=True)
    for name, label in labels.items():
        feed_back(judged, id=name, label=label)
    judged.tallies["classify"].minutes = {0: [3, 5], 1: [4, 5]}
    page = evaluation_page(judged.figures(NOW))
    assert "Agreement over time" in page and "McNemar" in page and "a cheap hotel" in page
    assert "http://" not in page and "https://" not in page and " src=" not in page


def test_a_page_is_escaped(judging, answer):
    judged = judging(keep_text=True)
    for number in range(20):
        answer(judged, f"r{number}", f"<script>alert({number})</script> rain")
    while judged.pending:
        judged.judge_one(NOW)
    assert "alert" in evaluation_page(judged.figures(NOW))
    assert "<script>alert" not in evaluation_page(judged.figures(NOW))


def test_models_that_cannot_be_compared(classify_files, tag_files, train_tiny, tmp_path):
    from edgetext.serving.live.pairs import load_pairs
    from edgetext.serving.settings import Settings

    settings = Settings(((classify_files.onnx, "classify"),))

    def refused(*candidates, **fields):
        with pytest.raises(EdgetextError) as error:
            load_pairs(settings, LiveSettings(candidates, **fields))
        return str(error.value)

    assert "its task is tag" in refused(Candidate(tag_files.onnx))
    assert "no model is called x" in refused(Candidate(classify_files.onnx, "x"))
    twice = refused(Candidate(classify_files.onnx), canaries=(Candidate(classify_files.onnx),))
    assert "--canary" in twice and "has the shadow" in twice
    assert "no such file" in refused(Candidate(tmp_path / "no.onnx"))
