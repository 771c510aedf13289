"""tag: spans of texts that are longer than a model reads."""

import pytest

from edgetext.data.example import Span
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.answers.tag import Tag, merged

TEXT = b"we met Ada Lovelace and then Charles Babbage came from London to Paris by train " * 3


def names(text, most=1000):
    """Find words with a capital, neighbours as one span; only `most` bytes are looked at."""
    spans, at, last = [], 0, None
    for word in text[:most].split(b" "):
        if word[:1].isupper():
            if last is not None:
                last = spans.pop()
            begin = at if last is None else last.start
            spans.append(Span("name", begin, at + len(word), text))
            last = spans[-1]
        else:
            last = None
        at += len(word) + 1
    scores = tuple(0.5 for _ in spans)
    return LabelAnswer(spans=tuple(spans), span_scores=scores, truncated=len(text) > most)


@pytest.mark.parametrize("size", [40, 57, 64, 100, 500])
def test_windows_find_what_one_reading_finds(size):
    whole = names(TEXT)
    assert len(whole.spans) == 12
    answer = Tag().answer_whole(lambda text: names(text), TEXT, max_bytes=size)
    assert answer.spans == whole.spans and not answer.truncated
    assert answer.spans[0].text == "Ada Lovelace"
    assert answer.span_scores == whole.span_scores


def test_a_window_that_has_too_many_pieces_is_halved():
    asked = []

    def ask(text):
        asked.append(text)
        return names(text, most=60)

    answer = Tag().answer_whole(ask, TEXT, max_bytes=200)
    assert answer.spans == names(TEXT).spans
    assert max(map(len, asked)) > 60 and not answer.truncated


def test_of_spans_that_overlap_the_longer_and_then_the_surer_counts():
    rows = [(0, 3, 0.9, "a"), (2, 8, 0.1, "b"), (8, 9, 0.3, "c"), (8, 9, 0.6, "d")]
    assert merged(rows) == [(2, 8, 0.1, "b"), (8, 9, 0.6, "d")]


def test_an_empty_text_has_no_span():
    assert Tag().answer_whole(lambda text: names(text), b"", max_bytes=50).spans == ()
