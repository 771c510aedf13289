"""Windows cover a text once, in order, and share what is asked with the one before."""

import pytest

from edgetext.tasks.windows import Window, windows

TEXTS = ["", "a", "one two three four five", "x" * 50, "東" * 20, "a " * 30, "né " * 9 + "x" * 30]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("size", "again"), [(8, 0), (8, 4), (16, 8), (100, 50)])
def test_what_is_new_covers_the_text_once(text, size, again):
    raw = text.encode()
    found = list(windows(raw, size, again))
    assert b"".join(raw[w.new : w.end] for w in found) == raw
    for window in found:
        assert 0 <= window.start <= window.new < window.end and window.end - window.start <= size
        assert window.new - window.start <= again
        raw[window.start : window.end].decode()


def test_cuts_come_after_spaces():
    raw = b"one two three four"
    assert [raw[w.start : w.end] for w in windows(raw, 9)] == [b"one two ", b"three ", b"four"]
    assert list(windows(raw, 12, 6))[1] == Window(4, 8, 14)


def test_bytes_that_begin_no_character_are_cut_where_they_must_be():
    raw = b"\x80" * 20
    assert [(w.start, w.end) for w in windows(raw, 8)] == [(0, 8), (8, 16), (16, 20)]
