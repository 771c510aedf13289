"""Disturbed texts keep their gold spans on the right bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgetext.data.augment import typos as noise
from edgetext.data.example import Example, Span


def example(text, value):
    start = text.encode().index(value.encode())
    return Example(text, "x", (Span("city", start, start + len(value.encode())),), "made:1")


@pytest.mark.parametrize("kind", noise.KINDS)
def test_spans_follow_their_words(kind):
    base = example("will it be very cold in São Paulo tomorrow, my dear Zoë?", "São Paulo")
    changed = 0
    for seed in range(60):
        (found,) = noise.disturbed([base], kind, seed)
        (span,) = found.spans
        data = found.text.encode()
        word = data[span.start : span.end].decode()
        letters = "".join(c for c in word.casefold() if c in "sãopaulo")
        assert len(letters) >= 5 and word[0].strip() and word[-1].strip()
        before = data[: span.start].decode()
        assert before.rstrip("".join(noise.STRAY)).casefold()[-1:] in ("n", "b", "m", "i", "j", "h")
        changed += found.text != base.text
    assert changed > 30


def test_upper_case_may_change_the_number_of_bytes():
    (found,) = noise.disturbed([example("zum Maßstraße weg", "Maßstraße")], "upper case", 1)
    (span,) = found.spans
    assert found.text.encode()[span.start : span.end].decode() == "MASSSTRASSE"


def test_equal_seeds_disturb_alike_and_none_not_at_all():
    examples = [example(f"fly to Oslo on day {i} please", "Oslo") for i in range(20)]
    assert noise.disturbed(examples, "none", 1) == examples
    one, two = (noise.disturbed(examples, "typos", 7) for _ in range(2))
    assert one == two != noise.disturbed(examples, "typos", 8)
    assert noise.disturbed(examples[::-1], "typos", 7) == one[::-1]


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 9))
def test_spans_stay_inside_the_text_and_on_characters(text, first, second, seed):
    first, second = sorted((min(first, len(text)), min(second, len(text))))
    start, end = (len(text[:i].encode("utf-8", "replace")) for i in (first, second))
    base = Example(text, "x", (Span("s", start, end),) if end > start else ())
    for kind in noise.KINDS:
        (found,) = noise.disturbed([base], kind, seed)
        data = found.text.encode("utf-8", "replace")
        for span in found.spans:
            assert 0 <= span.start < span.end <= len(data)
            data[span.start : span.end].decode("utf-8")
