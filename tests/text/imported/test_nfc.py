"""NFC as a tensor program says what the normalizer of `tokenizers` says, byte by byte."""

import random

import pytest
import torch
from hard_texts import TEXTS, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers.normalizers import NFC

from edgetext.text.imported.nfc import ROUNDS, Nfc
from edgetext.text.imported.nfc_tables import characters, row_displacement
from edgetext.text.marks import BYTE_VALUES, CLS_BYTE

END = 0xFF


@pytest.fixture(scope="module")
def normalize():
    nfc = Nfc(BYTE_VALUES, END, widen=True)

    def run(text):
        data = torch.tensor([CLS_BYTE, *text.encode(), *[END] * 4])
        made, start, end = nfc(data)
        assert len(made) == len(start) + 3 == len(end) + 3
        return bytes(made[1:-4].tolist()).decode()

    return run


def test_hard_texts(normalize):
    for title, text in TEXTS.items():
        assert normalize(text) == NFC().normalize_str(text), title


def test_every_character_that_changes_or_is_joined(normalize):
    known = characters()
    every = [*known.parts, *known.outputs, *map("".join, known.joined)]
    text = " ".join(every)
    assert normalize(text) == NFC().normalize_str(text)


def test_marks_in_any_order(normalize):
    known = characters()
    letters = sorted({one for one, _ in known.joined})
    marks = sorted(known.mark)
    draw = random.Random(1)
    for _ in range(100):
        parts = (draw.choice(letters) + "".join(draw.choices(marks, k=4)) for _ in range(20))
        text = "".join(parts)
        assert normalize(text) == NFC().normalize_str(text)


@given(text=st.one_of(texts(), st.text(st.sampled_from(sorted(characters().parts)), max_size=20)))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_text(normalize, text):
    assert normalize(text) == NFC().normalize_str(text)


def test_a_runtime_without_loops_has_rounds_for_ordinary_words():
    assert ROUNDS >= 3
    nfc = Nfc(BYTE_VALUES, END, widen=False)
    word = "Vie\u0302\u0323t ᾧ u\u0308\u0304 \u1112\u1161\u11ab"
    made, *_ = nfc(torch.tensor([CLS_BYTE, *word.encode(), *[END] * 4]))
    assert bytes(made[1:-4].tolist()).decode() == NFC().normalize_str(word)


def test_a_sparse_table_gives_each_pair_its_value():
    pairs = {(1, 1): 5, (1, 3): 6, (2, 1): 7, (3, 2): 8}
    base, owner, value = row_displacement(pairs, 4, 4)
    for first in range(1, 4):
        for second in range(1, 4):
            at = base[first] + second
            given = value[at] if owner[at] == first + 1 else None
            assert given == pairs.get((first, second))
