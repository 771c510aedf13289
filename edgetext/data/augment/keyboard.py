"""Slips of the fingers on a keyboard, and what is left out when typing in haste."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

from edgetext.data.augment.edits import Edit, Marked
from edgetext.data.augment.typos import NEIGHBOURS

# Above and below a letter: accents. Lower classes are parts of letters, as the sounds of kana are.
_ACCENT = 200
# Letters that people type without what Unicode does not decompose.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
_PLAIN |= {letter.upper(): plain.upper() for letter, plain in _PLAIN.items() if letter not in "ßı"}
# Marks that are no blank when they are left out between letters: don't, u.s.
_JOINING = frozenset("'’.")


def typos(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Give each word of two letters or more one slip with probability `amount`: a key beside the
    right one, two letters exchanged, one left out, or one twice, each as often.

    A word stays one word, and keeps at least a letter.
    """
    edits = []
    for start, end in marked.words():
        text = marked.text
        places = [i for i in range(start, end) if text[i].isalpha() and not _carries(text, i)]
        if len(places) < 2 or rng.random() >= amount:
            continue
        place = rng.choice(places)
        letter = text[place]
        slip = rng.choice(("beside", "exchanged", "dropped", "doubled"))
        if slip == "beside" and letter.lower() in NEIGHBOURS:
            wrong = rng.choice(NEIGHBOURS[letter.lower()])
            edits.append(Edit(place, place + 1, wrong.upper() if letter.isupper() else wrong))
        elif slip == "dropped":
            edits.append(Edit(place, place + 1, ""))
        elif slip == "doubled":
            edits.append(Edit(place, place + 1, letter + letter.lower()))
        else:
            pairs = [i for i in places if i + 1 in places and text[i] != text[i + 1]]
            if pairs:
                first = rng.choice(pairs)
                edits.append(Edit(first, first + 2, text[first + 1] + text[first]))
    return edits


def case(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Write the whole text in small letters, in capitals, or each word with one, with probability
    `amount`."""
    if rng.random() >= amount:
        return []
    return recased(marked.text, rng.choice(("lower", "upper", "title")))


def recased(text: str, form: str) -> list[Edit]:
    """Give the edits to "lower", "upper" or "title"."""
    edits = []
    for i, letter in enumerate(text):
        begins = form == "upper" or (form == "title" and not text[i - 1 : i].isalnum())
        other = letter.upper() if begins else letter.lower()
        if other != letter:
            edits.append(Edit(i, i + 1, other))
    return edits


def accents(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Take the accents off a word that has some with probability `amount`."""
    edits: list[Edit] = []
    for start, end in marked.words():
        bare = list(_bare(marked.text, start, end))
        if bare and rng.random() < amount:
            edits += bare
    return edits


def _bare(text: str, start: int, end: int) -> Iterator[Edit]:
    """Yield the edits that take the accents off characters `start` to `end`."""
    for i in range(start, end):
        letter = text[i]
        parts = unicodedata.normalize("NFD", letter)
        base, marks = parts[0], parts[1:]
        if letter in _PLAIN:
            yield Edit(i, i + 1, _PLAIN[letter])
        elif unicodedata.combining(letter) >= _ACCENT and i > start:
            yield Edit(i, i + 1, "")
        elif marks and all(unicodedata.combining(mark) >= _ACCENT for mark in marks):
            yield Edit(i, i + 1, base)


def punctuation(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Leave out each punctuation mark with probability `amount`; between two words that it alone
    parts a blank stays, as of "12-15" but not of "don't"."""
    text, edits = marked.text, []
    for i, mark in enumerate(text):
        if unicodedata.category(mark)[0] != "P" or rng.random() >= amount:
            continue
        before, after = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
        if before.isalnum() and after.isalnum():
            edits.append(Edit(i, i + 1, "" if mark in _JOINING and not _digits(text, i) else " "))
        elif before == " " and after in ("", " ") and i not in marked.boundaries:
            edits.append(Edit(i - 1, i + 1, ""))
        else:
            edits.append(Edit(i, i + 1, ""))
    return edits


def _digits(text: str, place: int) -> bool:
    return text[place - 1].isdigit() and text[place + 1].isdigit()


def _carries(text: str, place: int) -> bool:
    """Whether a mark of its own follows a letter, which would come to stand on another."""
    return place + 1 < len(text) and bool(unicodedata.combining(text[place + 1]))
