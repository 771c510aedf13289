"""Files that answer several texts in a run, in ONNX Runtime."""

import json

import numpy as np
import pytest
from hard_texts import CASES, byte_strings, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.artifacts.export import export
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.evaluation.verify import replay
from edgetext.model.batches import pack
from edgetext.model.model import Model
from edgetext.predictor import ROW_BYTES, RUN, RUN_BYTES, load, runs

KINDS = ["int8", "hashed", "classify"]
PLAIN = ["book me a seat to Zürich today", "is it cold in 東京 on Monday?", "", "x" * 70, "hotel!"]
several = st.lists(
    st.one_of(byte_strings(), texts().map(str.encode), st.sampled_from(PLAIN)), max_size=8
)


@pytest.fixture(scope="module")
def predictors(batch_files):
    return {name: load(getattr(batch_files, name)) for name in KINDS}


def check_same(one, other, within):
    assert (one.intent, one.spans, one.truncated) == (other.intent, other.spans, other.truncated)
    assert one.score == pytest.approx(other.score, abs=within)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=60, derandomize=True)
@given(contents=several)
def test_no_answer_depends_on_the_texts_beside(predictors, kind, contents):
    predictor = predictors[kind]
    together = predictor.predict_many(contents)
    assert len(together) == len(contents)
    for content, answer in zip(contents, together, strict=True):
        check_same(predictor.predict(content), answer, 1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_many_texts_are_answered_in_their_order(predictors, kind):
    contents = [*CASES.values(), *PLAIN] * 2
    for content, answer in zip(contents, predictors[kind].predict_many(contents), strict=True):
        check_same(predictors[kind].predict(content), answer, 1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_those_of_the_file_of_one_text(request, predictors, kind):
    fixture = {"int8": "int8_files", "hashed": "hashed_files", "classify": "classify_files"}[kind]
    one = load(request.getfixturevalue(fixture).onnx)
    # Int8 layers round by another range there.
    within = 1e-5 if kind == "classify" else 0.03
    for text, answer in zip(PLAIN, predictors[kind].predict_many(PLAIN), strict=True):
        check_same(one.predict(text), answer, within)


@pytest.mark.parametrize("kind", KINDS)
def test_golden_examples_are_replayed_together(predictors, kind):
    results = replay(predictors[kind])
    assert len(results) > 8 and all(result.same for result in results)


def test_a_file_says_what_it_is(predictors, batch_files):
    fields = predictors["int8"].metadata.fields
    assert (fields["contract"], fields["batch"]) == (2, 256)
    assert fields["inputs"] == ["text", "offsets"]
    card = batch_files.int8.with_suffix(".md").read_text("utf-8")
    assert (
        "tokenize" not in card
        and "`spans` int32[S, 4]: rows of text" in card
        and "`scores` float32[B, 3]" in card
    )


def outputs(predictor, text, offsets):
    return predictor.session.run_many(np.frombuffer(text, np.uint8), np.array(offsets))


def test_the_arrays_are_those_of_the_contract(predictors):
    scores, spans, truncated = outputs(predictors["int8"], b"to Rome" + b"a" * 70, [0, 7, 7, 77])
    assert scores.shape == (3, 3) and scores.dtype == np.float32
    assert spans.dtype == np.int32 and spans.shape[1] == 4
    assert truncated.tolist() == [0, 0, 1] and truncated.dtype == np.int32
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)


def test_an_empty_text_is_a_space(predictors):
    for predictor in predictors.values():
        empty, space = (outputs(predictor, b"hotel ", x)[0] for x in ([0, 0, 6], [0, 5, 6]))
        np.testing.assert_allclose(empty[0], space[1], atol=1e-6)


BAD = {
    "no bytes": (b"", [0, 0], "text is uint8[0]; give the bytes of all texts as one uint8[n]"),
    "a matrix": (np.zeros((2, 5), np.uint8), [0, 5], "text is uint8[2, 5]; give the bytes"),
    "no texts": (b"a", [0], "offsets is int64[1]; give int64[B + 1]"),
    "other integers": (b"a", np.array([0, 1], np.int32), "offsets is int32[2]; give int64[B + 1]"),
    "a late begin": (b"abc", [1, 3], "offsets[0] is 1, and text has 3 bytes; offsets begin at 0"),
    "an early end": (b"abc", [0, 2], "offsets[1] is 2, and text has 3 bytes; offsets begin at 0"),
    "beyond the end": (b"abc", [0, 2, 9], "offsets[2] is 9, and text has 3 bytes"),
    "a fall": (b"abc", [0, 3, 2, 3], "offsets[2] is 2, and text has 3 bytes"),
    "too many": (b"a" * 300, range(301), "300 texts in one call, and the file takes 256; give"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_arrays_are_refused_in_words(predictors, case):
    text, offsets, words = BAD[case]
    given_text = np.frombuffer(text, np.uint8) if isinstance(text, bytes) else text
    with pytest.raises(EdgetextError) as error:
        predictors["classify"].session.run_many(given_text, np.array(offsets))
    assert words in str(error.value) and "classify-batch.onnx: " in str(error.value)


def test_what_is_no_batch_is_refused_in_words(predictors, classify_files):
    with pytest.raises(EdgetextError, match="answers one text a run; `edgetext export --target"):
        load(classify_files.onnx).session.run_many(*pack([b"a"], 64))
    with pytest.raises(EdgetextError, match="predict_many was given one text; give a list"):
        predictors["classify"].predict_many("a hotel")


def test_texts_of_like_lengths_share_a_run():
    assert runs([5, 300, 7, 6, 301], 256) == [[0, 3, 2, 1, 4]]
    assert [len(run) for run in runs([10] * 150, 256)] == [RUN, RUN, 150 - 2 * RUN]
    assert [len(run) for run in runs([10] * 5, 2)] == [2, 2, 1]
    long = RUN_BYTES // 4
    assert [len(run) for run in runs([long] * 9 + [8 * long], 256)] == [4, 4, 1, 1]
    # Sixty rows as long as that one would be too much.
    assert [len(run) for run in runs([1] * 60 + [ROW_BYTES // 60], 256)] == [60, 1]
    assert runs([], 256) == []


def test_texts_are_packed_as_one_text_is_sent():
    text, offsets = pack([b"abc", b"", b"defghij"], 4)
    assert text.tobytes() == b"abc defgh" and offsets.tolist() == [0, 3, 4, 9]


def test_pairs_and_other_files_are_answered_one_by_one(joint_files, predictors):
    answers = load(joint_files.onnx).predict_many(PLAIN)
    assert [a.intent for a in answers] == [
        a.intent for a in predictors["int8"].predict_many([(text,) for text in PLAIN])
    ]
    with pytest.raises(EdgetextError, match="so leave out text_b"):
        predictors["int8"].predict_many([("a", "b")])


def lines(capsys, *arguments):
    capsys.readouterr()
    assert main(list(map(str, arguments))) == 0
    return capsys.readouterr().out.splitlines()


def test_commands_use_it(batch_files, data, tmp_path, capsys):
    asked = tmp_path / "asked.txt"
    asked.write_text("\n".join(text for text in PLAIN), "utf-8")
    found = lines(capsys, "predict", batch_files.int8, "--file", asked, "--json")
    assert [json.loads(line)["text"] for line in found] == PLAIN
    assert found == lines(capsys, "predict", batch_files.int8, "--json", *PLAIN)
    (verdict,) = lines(capsys, "verify", batch_files.int8)
    assert "ok, " in verdict
    (row,) = json.loads(
        "".join(
            lines(capsys, "evaluate", batch_files.int8, "--recipe", data / "joint.yaml", "--json")
        )
    )
    assert row["texts"] == 24 and row["accuracy"] > 80
    assert "batch 256" in " ".join(" ".join(lines(capsys, "inspect", batch_files.int8)).split())


def test_a_network_is_not_timed_alone(batch_files, predictors):
    from edgetext.timing.network import network_alone

    with pytest.raises(EdgetextError, match="a batch file's network is not timed alone"):
        network_alone(batch_files.int8, 1)


@pytest.mark.parametrize(
    ("fixture", "target", "words"),
    [
        ("parse", "server", "and its task is parse; export it without --batch"),
        ("joint", "mobile", "a .pte file answers one text a run; --batch goes with --target"),
    ],
)
def test_other_models_and_files_are_refused(request, tmp_path, fixture, target, words):
    model = Model.load(request.getfixturevalue(fixture))
    with pytest.raises(EdgetextError) as error:
        export(model, target, tmp_path, batch=True)
    assert words in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "int8", "int4"])
@pytest.mark.parametrize("encoder", ["bag", "conv", "transformer"])
def test_other_networks_answer_alike(train_tiny, tmp_path, encoder, precision):
    fields = {
        "bag": "{type: bag, embedding: 16, hidden: 40}",
        "conv": "{type: conv, embedding: 16, hidden: 32, layers: 3, kernel: [3, 5, 1], heads: 1, "
        "attention_after: 2, normalize: true}",
        "transformer": "{type: transformer, embedding: 16, hidden: 32, layers: 2, heads: 2, "
        "feed_forward: 64, positions: 8}",
    }
    path = train_tiny(tmp_path / f"{encoder}.pt", encoder=fields[encoder], epochs=6)
    if precision != "float32":
        options = ["--int4", "--int4-layers", "all"] if precision == "int4" else ["--int8"]
        assert main(["quantize", str(path), *options, "-o", str(tmp_path / "small.pt")]) == 0
        path = tmp_path / "small.pt"
    batch = load(export(Model.load(path), "server", tmp_path, batch=True).files[0])
    contents = [*CASES.values(), *PLAIN]
    for content, answer in zip(contents, batch.predict_many(contents), strict=True):
        check_same(batch.predict(content), answer, 1e-5)
