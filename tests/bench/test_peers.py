"""Peers: the rival with our own network answers as the artifact does; a missing one is a row."""

import sys
from dataclasses import replace

import pytest

from edgetext.cli import main
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.timing.process import Worker
from edgetext.training.splits import load_splits
from edgetext_bench.peers import fasttext
from edgetext_bench.peers.peer import Context, MissingPeer, prepare
from edgetext_bench.peers.tokenizers_onnx import TokenizersOnnx, build
from edgetext_bench.rows import read_rows

TEXTS = [
    "book me a seat to São Paulo next week",
    "is it cold in 東京 at 10:30?",
    "will it rain tomorrow",
    "",
    "Łódź " * 40,
]


@pytest.fixture(scope="module")
def context(data, int8_files, tmp_path_factory):
    splits = load_splits(Recipe.load(data / "joint.yaml"))
    folder = tmp_path_factory.mktemp("peers")
    return Context(splits, "joint", [int8_files.pt], folder, "joint", 1)


@pytest.mark.parametrize("kind", ["int8", pytest.param("classify", marks=pytest.mark.slow)])
def test_the_rival_answers_as_the_artifact(kind, int8_files, classify_files, tmp_path):
    files = {"int8": int8_files, "classify": classify_files}[kind]
    build(files.pt, tmp_path)
    rival, ours = TokenizersOnnx(str(tmp_path), 1), load(files.onnx)
    for text in TEXTS:
        found, expected = rival.answer(text), ours.predict(text)
        assert (found.intent, tuple(found.spans)) == (expected.intent, expected.spans), text
        assert found.score == pytest.approx(expected.score, abs=1e-4)


OF_OTHERS = ("tfidf", "fasttext", "spacy")


@pytest.mark.parametrize(
    "name", ["tokenizers", *(pytest.param(x, marks=pytest.mark.slow) for x in OF_OTHERS)]
)
def test_a_peer_learns_its_task_and_answers_in_its_own_process(name, context):
    try:
        peers = prepare(name, context)
    except MissingPeer as missing:
        pytest.skip(str(missing))
    for peer in peers:
        assert peer.file["bytes"] > 0 and len(peer.file["sha256"]) == 64
        worker = Worker(peer.entry, 1, [0], TEXTS[0])
        try:
            examples = context.splits.test
            found = worker.answers([e.text for e in examples])
            right = sum(x.intent == e.intent for x, e in zip(found, examples, strict=True))
            assert right > 0.8 * len(examples)
            worker.set_calls([TEXTS[:3]])
            assert (worker.time(2) > 0).all()
            operators, note = worker.operators(TEXTS[0])
            assert (operators == []) == (note == "its operators are not timed")
            assert (name == "tokenizers") == bool(operators)
        finally:
            worker.close()
    assert [peer.file for peer in prepare(name, context)] == [peer.file for peer in peers]


def test_a_missing_peer_is_a_row_and_no_failure(int8_files, data, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "fasttext", None)
    path = tmp_path / "r.jsonl"
    arguments = [str(int8_files.onnx), "--recipe", str(data / "joint.yaml"), "-o", str(path)]
    tiny = ["--quick", "--only", "quality", "--peers", "fasttext"]
    assert main(["bench", *tiny, *arguments]) == 0
    assert "fasttext is not installed" in capsys.readouterr().err
    (row,) = [row for row in read_rows(path) if row["status"] == "skipped"]
    assert row["cell"]["contender"] == "fasttext" and "edgetext-bench[peers]" in row["note"]


def test_a_peer_of_another_task_is_missing_with_its_reason(context):
    with pytest.raises(MissingPeer, match="the data's task is parse"):
        prepare("tfidf", replace(context, task="parse"))


def test_flair_is_missing_with_its_reason(context):
    with pytest.raises(MissingPeer, match=r"tokenizers below 0\.23"):
        prepare("flair", context)


class Diverging:
    """fastText, whose training fails above a learning rate."""

    def __init__(self, highest):
        self.highest, self.tried = highest, []

    def train_supervised(self, data, lr, **options):
        self.tried.append(lr)
        if lr > self.highest:
            raise RuntimeError("Encountered NaN.")
        return f"learnt at {lr}"


def test_a_training_that_diverges_is_tried_more_slowly_and_is_a_row_where_that_fails(tmp_path):
    slower = Diverging(0.2)
    assert fasttext.learnt(slower, tmp_path / "train.txt", 1) == "learnt at 0.2"
    assert slower.tried == [0.5, 0.2]
    with pytest.raises(MissingPeer, match="fastText cannot learn these texts: Encountered NaN"):
        fasttext.learnt(Diverging(0), tmp_path / "train.txt", 1)
