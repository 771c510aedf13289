"""A language model suggests the same in every runtime, to finished and unfinished words alike."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from edgetext.model.checkpoint import Checkpoint
from edgetext.predictor import load
from edgetext.targets.executorch.limits import check_executorch
from edgetext.tasks.completion import whole

LIMIT = 64


@pytest.fixture(
    scope="module", params=["lm_files", pytest.param("lm_program", marks=pytest.mark.slow)]
)
def model(request):
    files = vars(request.getfixturevalue(request.param))
    return SimpleNamespace(**{kind: load(path) for kind, path in files.items() if kind != "card"})


def same(model, text):
    """What every kind of file suggests, where two suggestions are not about as likely."""
    answers = [predictor.ask(text) for predictor in vars(model).values()]
    first = answers[0]
    for answer in answers[1:]:
        assert answer.truncated == first.truncated, text
        scores = {piece.id: piece for piece in answer.next}
        for piece in first.next:
            if piece.score > 0.1:
                other = scores[piece.id]
                assert (other.data, other.typed) == (piece.data, piece.typed), text
                assert other.score == pytest.approx(piece.score, abs=0.05), text
    return first


def words(answer, text):
    return [whole(text.encode(), word) for word in answer.words]


def test_a_finished_word_is_followed_and_an_unfinished_one_completed(model):
    for predictor in vars(model).values():
        assert "Rome" in words(predictor.predict("is it cold in Ro"), "is it cold in Ro")
        answer = predictor.predict("a cheap hotel ")
        assert words(answer, "a cheap hotel ")[0] == "in"
        assert answer.words[0].rest == b"in" and answer.words[0].score > 0.9
        (first, *_) = predictor.predict("find a room i").words
        assert first.rest == b"n"


def test_a_word_that_is_whole_says_so(model):
    same(model, b"find a room in")
    (first, *_) = model.pt.predict("find a room in").words
    assert first.rest == b"" and first.score > 0.5


def test_scores_are_probabilities(model):
    for text in ("I want to ", "I wa", "", "Z"):
        answer = same(model, text.encode())
        scores = [piece.score for piece in answer.next]
        assert scores == sorted(scores, reverse=True) and sum(scores) <= 1 + 1e-5
        assert all(piece.data[: piece.typed] == text.encode()[len(text) - piece.typed :]
                   for piece in answer.next)  # fmt: skip


def test_unknown_words_and_special_pieces_are_never_suggested(model):
    for text in ("book me a ", "book ", "", "x", "☃ "):
        assert all(piece.id > 2 or not piece.data for piece in same(model, text.encode()).next)


def test_the_end_of_a_long_text_counts(model):
    end = b"find a cheap hotel in"
    for before in (b"", b"x " * 50, b"x" * 500, "é".encode() * 99, "東".encode() * 80):
        text = before + b" " + end.rjust(LIMIT - 4)
        answer = same(model, text)
        assert answer.truncated == (len(text) > LIMIT)
        assert [p.id for p in answer.next[:1]] == [p.id for p in model.pt.ask(end).next[:1]]
    assert not same(model, b"x" * LIMIT).truncated
    assert same(model, b"x" * (LIMIT + 1)).truncated


def test_any_bytes_get_an_answer(model, texts):
    for text in texts:
        same(model, text)
        same(model, text[: len(text) // 2])


def test_every_byte_alone_gets_an_answer(model):
    for byte in range(0, 256, 3):
        same(model, bytes([byte]))


def test_artifacts_keep_their_contract(lm_files):
    session = load(lm_files.onnx).session
    data = np.frombuffer(b"is it cold in Ro", np.uint8)[None]
    ids, scores, typed, raw, truncated = session.run(data)
    assert ids.shape == scores.shape == typed.shape == (1, 8) and raw.shape == (1, 8, 20)
    assert (ids.dtype, scores.dtype, raw.dtype) == (np.int32, np.float32, np.uint8)
    assert raw[0, 0].tobytes().rstrip(b"\0") == b"Rome" and typed[0, 0] == 2
    assert truncated.tolist() == [0]


def test_the_table_stands_once_in_a_checkpoint_and_an_onnx_file(lm_files):
    import onnx

    table = Checkpoint.load(lm_files.pt).tensors["embedding.weight"]
    initializers = onnx.load(lm_files.onnx).graph.initializer
    sizes = [list(t.dims) for t in initializers]
    shapes = itertools.permutations(table.shape)
    assert table.dtype == torch.int8 and sum(list(shape) in sizes for shape in shapes) == 1


def test_a_causal_lstm_is_refused_for_executorch(lm):
    from edgetext.core.errors import EdgetextError

    checkpoint = Checkpoint.load(lm)
    checkpoint.header.recipe["encoder"]["type"] = "lstm"
    with pytest.raises(EdgetextError, match="ExecuTorch has no LSTM"):
        check_executorch(checkpoint.header, "lm.pt")
