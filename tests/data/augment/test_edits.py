"""Edits of texts: spans, nodes and sentences move with their characters."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgetext.data.augment.edits import WORD, Edit, Marked, changed, settled
from edgetext.data.augment.noises import KINDS, Noiser
from edgetext.data.example import Example, Node, Sentence, Span

# Letters with and without accents, digits, marks, blanks, and what has several code points.
ALPHABET = st.sampled_from("abcXYZ éßŁøİ 129 .,:'’-!%& 東Ω क्षि e\u0301 😀\u200b")


def labeled(text, places, kind=Span):
    """Spans at pairs of places, which count characters."""
    at = [len(text[:i].encode()) for i in range(len(text) + 1)]
    return tuple(Span(f"s{n}", at[a], at[b]) for n, (a, b) in enumerate(places))


def by(*edits):
    """A change that makes these edits."""
    return lambda marked, amount, rng: list(edits)


def test_what_is_labeled_moves_with_its_characters():
    text = "fly to Łódź, now"
    example = Example(
        text,
        "x",
        labeled(text, [(7, 11)]),
        nodes=(Node("IN:GO", 0, 19, 0), Node("SL:CITY", 7, 14, 1)),
        sentences=(Sentence(0, 19, 0.5),),
    )
    change = by(Edit(0, 3, "journey"), Edit(8, 9, "o"), Edit(11, 12, ""))
    moved = changed(example, change, 1.0, random.Random(1))
    data = moved.text.encode()
    assert moved.text == "journey to Łodź now"
    assert data[moved.spans[0].start : moved.spans[0].end].decode() == "Łodź"
    assert [data[n.start : n.end].decode() for n in moved.nodes] == [moved.text, "Łodź"]
    assert (moved.sentences[0].start, moved.sentences[0].end) == (0, len(data))
    assert moved.sentences[0].score == 0.5 and moved.nodes[1].depth == 1


def test_of_two_texts_both_change_and_spans_stand_in_the_second():
    example = Example("who is it", None, labeled("it is Zoë", [(6, 9)]), text_b="it is Zoë")
    moved = changed(example, by(Edit(0, 1, "aé")), 1.0, random.Random(1))
    assert (moved.text, moved.text_b) == ("aého is it", "aét is Zoë")
    assert moved.text_b.encode()[moved.spans[0].start : moved.spans[0].end].decode() == "Zoë"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (Edit(3, 5, "x"), "over the edge of the range"),
        (Edit(4, 8, ""), "all of its words"),
        (Edit(8, 9, ""), "the blank between it and the next word"),
        (Edit(7, 8, " "), "a blank at its edge"),
        (Edit(8, 9, "s"), "its edge comes to stand within a word"),
    ],
)
def test_what_would_harm_a_range_is_left_out(edit, why):
    assert settled(Marked("to  Rome  it", ((4, 8),)), [Edit(0, 2, "2"), edit])[0] == Edit(0, 2, "2")
    assert edit not in settled(Marked("to  Rome it", ((4, 8),)), [edit]), why


def test_of_overlapping_edits_the_first_is_made():
    assert settled(Marked("abcd"), [Edit(1, 3, "x"), Edit(2, 4, "y")]) == [Edit(1, 3, "x")]


@st.composite
def examples(draw):
    text = draw(st.text(ALPHABET, min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    places = list(zip(cuts[::2], cuts[1::2], strict=False))
    return Example(text, "x", labeled(text, places), "made:1")


def as_parts(example):
    """The text as what stands outside and inside of spans, in turn."""
    data, read, parts = example.text.encode(), 0, []
    for span in example.spans:
        parts += [data[read : span.start].decode(), data[span.start : span.end].decode()]
        read = span.end
    return [*parts, data[read:].decode()]


def within_word(text, place):
    return 0 < place < len(text) and all(WORD.match(c) for c in text[place - 1 : place + 1])


@given(examples(), st.sampled_from(sorted(KINDS)), st.integers(0, 99))
def test_each_span_is_its_noised_value(example, kind, seed):
    noiser = Noiser({kind: 1.0}, [example.text])
    noised = noiser(example, random.Random(seed))
    assert [s.label for s in noised.spans] == [s.label for s in example.spans]
    before, after = as_parts(example), as_parts(noised)
    assert "".join(after) == noised.text
    for old, new in zip(before[1::2], after[1::2], strict=True):
        assert bool(WORD.search(old)) == bool(WORD.search(new))
        assert old[:1].isspace() == new[:1].isspace() and old[-1:].isspace() == new[-1:].isspace()
        # The value's own characters, whatever their case, and no neighbor's.
        if kind in ("case", "hidden"):
            assert new.casefold().strip("\u0307").replace("i\u0307", "i")[:1] in ("", *_folds(old))
    place = 0
    old_place = 0
    for old, new in zip(before, after, strict=True):
        assert within_word(noised.text, place) == within_word(example.text, old_place)
        place, old_place = place + len(new), old_place + len(old)


def _folds(text):
    """What a text may begin with in another case."""
    return {x[:1] for x in (text.casefold(), text.lower(), text.upper().lower())}


@given(examples(), st.sampled_from(["typo", "case", "accents", "homoglyph"]), st.integers(0, 99))
def test_noise_of_letters_splits_and_joins_no_word(example, kind, seed):
    noised = Noiser({kind: 1.0}, [example.text])(example, random.Random(seed))
    blanks = [c for c in example.text if c.isspace()]
    assert [c for c in noised.text if c.isspace()] == blanks
    assert len(noised.text.split()) == len(example.text.split())
