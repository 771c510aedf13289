"""Words are told apart by bytes alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgetext.text.hashed.byte_rules import BEGINS, ENDS, begins_and_ends, channels
from edgetext.text.vocabulary import SPECIAL_PIECES, Vocabulary

BERT = Vocabulary(SPECIAL_PIECES)


def words(text):
    """The words of a text among spaces."""
    data = np.frombuffer(f" {text} ".encode(), np.uint8).astype(np.int64)
    begins, ends = map(np.flatnonzero, begins_and_ends(data))
    return [
        data[b:e].astype(np.uint8).tobytes().decode() for b, e in zip(begins, ends, strict=True)
    ]


@given(st.text(st.characters(min_codepoint=1, max_codepoint=0x7E), min_size=1, max_size=40))
def test_ascii_is_split_as_bert_splits_it(text):
    encoding = BERT.encode(text)
    # BERT drops control characters, which stand between words here.
    if all(character >= " " or character in "\t\n\r" for character in text):
        edges = zip(encoding.start[1:], encoding.end[1:], strict=True)
        assert words(text) == [text[start:end] for start, end in edges]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("naïve Москва हिन्दी 한국어", ["naïve", "Москва", "हिन्दी", "한국어"]),
        ("“a”—b…", ["“", "a", "”", "—", "b", "…"]),
        ("¡hola! 5°", ["¡", "hola", "!", "5", "°"]),
        ("日本 ok", ["日", "本", "ok"]),
        ("a😀b", ["a", "😀", "b"]),
    ],
)
def test_a_first_byte_tells_what_a_character_is(text, expected):
    assert words(text) == expected


@given(st.binary(min_size=1, max_size=60))
def test_sums_tell_the_same_of_any_bytes(content):
    data = np.frombuffer(b" " * 4 + content + b" ", np.uint8).astype(np.int64)
    values, places = channels()
    sums = np.zeros((2, len(data)))
    for counts, (back, begin, end) in zip(values, places, strict=True):
        seen = counts[data[: len(data) - back]]
        sums[0, back:] += begin * seen
        sums[1, back:] += end * seen
    begins, ends = begins_and_ends(data)
    assert ((sums[0] >= BEGINS) == begins).all()
    assert ((sums[1] >= ENDS) == ends)[1:].all()
    assert begins.sum() == ends.sum()
