"""From bytes to answers: where a text is cut, and the same spans as training counts."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgetext.compression.network import load_network
from edgetext.data.example import Example
from edgetext.models.pipeline import CutText, Pipeline, ReadText
from edgetext.runtime.pytorch import build_answer
from edgetext.tasks import task_of
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.checkpoint import Checkpoint
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import answers

any_text = st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable())
scripts = st.text(alphabet="aé東😀 ", min_size=1, max_size=20)


def tensor(data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(1, -1)


def cut(data, limit, bounded=False):
    kept, truncated = CutText(limit, bounded=bounded)(tensor(data))
    return bytes(kept.reshape(-1).tolist()), truncated.tolist()


@given(scripts | any_text, st.integers(4, 32))
def test_a_text_is_cut_as_python_cuts_it(text, limit):
    data = text.encode()
    expected = data[:limit].decode(errors="ignore").encode()
    kept, truncated = cut(data, limit)
    assert kept[: len(expected)] == expected
    assert kept[len(expected) :].strip(b" ") == b""
    assert len(kept) == min(len(data), limit + 1)
    assert truncated == [int(len(data) > limit)]


@given(scripts, st.integers(4, 32))
def test_a_caller_that_passes_one_byte_too_many_gets_the_same(text, limit):
    data = text.encode()[: limit + 1]
    assert cut(data, limit, bounded=True) == cut(data, limit)


@pytest.mark.parametrize("limit", range(8, 13))
def test_bytes_that_are_no_utf8_are_cut_too(limit):
    for data in (b"\x80" * 20, b"\xf0" * 20, b"abc\xf0\x9f" * 4):
        kept, truncated = cut(data, limit)
        assert data.startswith(kept.rstrip(b" ")) and len(kept.rstrip(b" ")) <= limit
        assert truncated == [1]


@pytest.mark.parametrize("name", ["joint", "int8", "classify", "tag", "multi", "parse"])
def test_answers_equal_those_of_training(name, request, texts):
    checkpoint = Checkpoint.load(request.getfixturevalue(name))
    header = checkpoint.header
    labels, limit = header["labels"], header["max_bytes"]
    vocabulary = Vocabulary.from_header(header["vocabulary"])
    network = load_network(checkpoint)
    pipeline = Pipeline(ReadText(vocabulary, limit), build_answer(checkpoint, network))
    task = task_of(header["task"], labels)
    own = next(iter(labels.get("tasks", [])), "")
    valid = [text for text in texts if text and text.decode(errors="ignore").encode() == text]
    examples = [
        Example(text.decode(), next(iter(labels.get("intent", [])), None), task=own)
        for text in valid
    ]
    expected = answers(network, EncodedSet(examples, task, vocabulary, labels, limit))
    names = task.names(labels)
    for text, answer in zip(valid, expected, strict=True):
        with torch.inference_mode():
            outputs = [output.numpy() for output in pipeline(tensor(text))]
        found = task.read(outputs, names)
        assert task.same(found, answer), text
        assert found.score == pytest.approx(answer.score, abs=1e-4)
        assert found.truncated == (len(text) > limit)
