"""From bytes to answers: where a text is cut, and the same spans as training counts."""

from functools import cache

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.models.decoders.summarize import ReadSentences
from edgetext.models.pipeline import CutText, ReadText
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import answers

any_text = st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable())
scripts = st.text(alphabet="aé東😀 ", min_size=1, max_size=20)


def tensor(data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(1, -1)


def cut(data, limit, bounded=False):
    kept, truncated = CutText(limit, whole=False, bounded=bounded)(tensor(data))
    return bytes(kept.reshape(-1).tolist()), truncated.tolist()


@cache
def of_words(text):
    return Vocabulary.train([text] * 3, size=60, lowercase=False)


@given(scripts | any_text, st.integers(1, 32))
def test_a_text_is_cut_where_it_is_too_long(text, limit):
    data = text.encode()
    assert cut(data, limit) == (data[:limit], [int(len(data) > limit)])


@given(scripts, st.integers(1, 32))
def test_a_caller_that_passes_one_byte_too_many_gets_a_space_for_it(text, limit):
    data = text.encode()[: limit + 1]
    kept, truncated = cut(data, limit, bounded=True)
    assert (kept.ljust(limit + 1), truncated) == (
        cut(data, limit)[0].ljust(limit + 1),
        [*truncated],
    )
    assert truncated == [int(len(data) > limit)]


@pytest.mark.parametrize("limit", range(1, 26))
def test_no_piece_is_made_of_a_character_that_the_cut_breaks(limit):
    data = "Zürich 東京 a😀é".encode()
    whole = data[:limit].decode(errors="ignore")
    vocabulary = of_words("Zürich 東京 a 😀 é")
    expected = vocabulary.encode(whole)
    for bounded in (False, True):
        read = ReadText(vocabulary, limit, for_executorch=bounded)
        ids, _, _, end, truncated = read(tensor(data[: limit + 1]))
        assert ids[0].tolist() == list(expected.ids)
        assert all(stop <= len(whole.encode()) for stop in end.tolist())
        assert truncated.tolist() == [int(len(data) > limit)]


@pytest.mark.parametrize("limit", range(3, 26))
def test_no_sentence_ends_in_a_character_that_the_cut_breaks(limit):
    data = "Zürich. 東京! a😀é".encode()
    whole = data[:limit].decode(errors="ignore").encode()
    vocabulary = of_words("Zürich. 東京! a 😀 é")
    for bounded in (False, True):
        read = ReadSentences(vocabulary, limit, for_executorch=bounded)
        _, _, _, end, _ = read(tensor(data[: limit + 1]))
        assert max(end.tolist()) <= len(whole)


@pytest.mark.parametrize("name", ["joint", "int8", "classify", "tag", "multi", "parse"])
def test_answers_equal_those_of_training(name, request, texts):
    model = Model.load(request.getfixturevalue(name))
    labels, limit, learner = model.header.labels, model.header.max_bytes, model.learner
    pipeline = model.pipeline()
    own = next(iter(labels.get("tasks", [])), "")
    valid = [text for text in texts if text and text.decode(errors="ignore").encode() == text]
    examples = [
        Example(text.decode(), next(iter(labels.get("intent", [])), None), task=own)
        for text in valid
    ]
    expected = answers(
        model.network, EncodedSet(examples, learner, model.vocabulary, labels, limit)
    )
    names = learner.names(labels)
    for text, answer in zip(valid, expected, strict=True):
        with torch.inference_mode():
            outputs = [output.numpy() for output in pipeline(tensor(text))]
        found = learner.task.read(outputs, names)
        assert learner.task.same(found, answer), text
        assert found.score == pytest.approx(answer.score, abs=1e-4)
        assert found.truncated == (len(text) > limit)
