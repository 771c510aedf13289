"""What a language model is shown, asked and measured by."""

import math

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.models import build_network
from edgetext.tasks.answers.lm import NextAnswer
from edgetext.tasks.completion import Piece, Word, complete, whole
from edgetext.tasks.learner import learner_of
from edgetext.tasks.task import task_of
from edgetext.tasks.words import IGNORE
from edgetext.text.vocabulary import CLS, Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge

TEXTS = ["the cat sat on the mat and the dog sat on the log", "a cat", "dogs and cats sat"]
MODEL = {
    "encoder": {"type": "cnn", "causal": True, "embedding": 8, "hidden": 8, "layers": 1},
    "head": {"type": "lm"},
}


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.train(TEXTS, size=60, lowercase=False)


def encoded(vocabulary, training=False):
    examples = [Example(text, None) for text in TEXTS]
    return EncodedSet(examples, learner_of("lm"), vocabulary, {}, 24, training=training)


@pytest.mark.parametrize("training", [True, False])
def test_each_piece_is_a_target_once(vocabulary, training):
    data = encoded(vocabulary, training)
    target = data.targets["next"].values
    counted = target[target != IGNORE].tolist()
    wanted = [i for text in TEXTS for i in (*vocabulary.encode(text).ids[1:].tolist(), CLS)]
    assert sorted(counted) == sorted(wanted)
    assert len(data) > len(TEXTS)


def test_perplexity_is_of_words_and_bits_are_of_bytes(vocabulary):
    data = encoded(vocabulary)
    torch.manual_seed(1)
    network = build_network(MODEL, len(vocabulary), {})
    found = judge(network, data).metrics
    loss = 0.0
    with torch.no_grad():
        for row in range(len(data)):
            batch = data.batch(torch.tensor([row]))
            parts = network(batch.ids, None)
            logs = torch.log_softmax(parts["query"][0] @ parts["table"].t() + parts["bias"], -1)
            for at, right in enumerate(batch.targets["next"][0].tolist()):
                loss -= float(logs[at, right]) if right != IGNORE else 0
    words = sum(len(text.split()) + 1 for text in TEXTS)
    size = sum(len(text) + 1 for text in TEXTS)
    assert found["perplexity"] == pytest.approx(math.exp(loss / words), rel=1e-4)
    assert found["bits_per_byte"] == pytest.approx(loss / math.log(2) / size, rel=1e-4)
    assert 0 <= found["next_piece_top3"] <= 1


def test_case_is_needed():
    with pytest.raises(EdgetextError, match="lowercase: false"):
        encoded(Vocabulary.train(TEXTS, size=60, lowercase=True))


def test_questions_ask_for_the_word_that_follows():
    lm = task_of("lm")
    examples = [Example(f"some words stand before number{i}", None) for i in range(20)]
    for question in lm.questions(examples):
        (wanted,) = question.references
        assert any(example.text.startswith(question.text + wanted) for example in examples)
    assert lm.questions([Example("word", None), Example("a \U0009fffe", None)]) == []


def test_a_word_is_right_when_it_is_the_whole_word():
    lm = task_of("lm")
    asked = [Example("a ", None, references=("cat",)), Example("a do", None, references=("gs",))]
    found = [
        NextAnswer(words=(Word(b"ca", 0.5), Word(b"cat", 0.3))),
        NextAnswer(words=(Word(b"gs", 0.9),)),
    ]
    assert lm.measure(asked, found) == {
        "next_word_accuracy": 0, "next_word_top3": 1, "completion_accuracy": 1, "completion_top3": 1
    }  # fmt: skip


def test_words_are_finished_by_a_beam():
    end = Piece(CLS, 0.5, b"", 0)
    suggested = {
        b"I ": (Piece(5, 0.6, b"play", 0), Piece(6, 0.4, b",", 0)),
        b"I play": (end, Piece(7, 0.5, b"ing", 0)),
        b"I playing": (Piece(CLS, 1.0, b"", 0),),
    }
    asked = []

    def ask(text):
        asked.append(text)
        return suggested[text]

    found = complete(ask, b"I ", suggested[b"I "], 3)
    assert [(w.rest, round(w.score, 2)) for w in found] == [
        (b",", 0.4), (b"play", 0.3), (b"playing", 0.3)
    ]  # fmt: skip
    assert asked == [b"I play", b"I playing"]
    assert whole(b"we pla", Word(b"y", 1)) == "play" and whole(b"so,", Word(b"y", 1)) == "y"


@pytest.mark.parametrize("encoder", ["cnn", "transformer", "lstm"])
def test_a_causal_encoder_sees_nothing_later(encoder):
    torch.manual_seed(1)
    section = {"type": encoder, "causal": True, "embedding": 8, "hidden": 8, "heads": 2}
    network = build_network({"encoder": section, "head": {"type": "lm"}}, 30, {}).eval()
    ids = torch.randint(3, 30, (1, 9))
    changed = ids.clone()
    changed[0, 6:] = 3
    one, other = network(ids)["query"], network(changed)["query"]
    torch.testing.assert_close(one[:, :6], other[:, :6])
    assert not torch.equal(one[:, 6], other[:, 6])


def test_pieces_that_are_about_as_likely_may_change_places():
    def answer(*scores):
        return NextAnswer(next=tuple(Piece(i, s, b"x", 0) for i, s in scores))

    task = task_of("lm")
    expected = answer((7, 0.0))  # golden examples carry no scores of pieces
    assert task.agree(expected, answer((7, 0.3), (8, 0.2)))
    assert task.agree(expected, answer((8, 0.205), (7, 0.201)))
    assert not task.agree(expected, answer((8, 0.3), (7, 0.2)))
    assert not task.agree(expected, answer())
