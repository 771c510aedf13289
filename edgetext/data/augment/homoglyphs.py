"""Characters that look like others, and characters that nobody sees.

The letters are a few of those that Unicode lists as confusable (Technical Standard 39, "Unicode
Security Mechanisms", confusables.txt): Cyrillic and Greek ones that look like Latin ones in most
typefaces.
"""

from __future__ import annotations

import random

from edgetext.data.augment.edits import Edit, Marked

LIKE = {
    "a": "\u0430", "c": "\u0441", "e": "\u0435", "h": "\u04bb", "i": "\u0456", "j": "\u0458",
    "o": "\u043e\u03bf", "p": "\u0440", "s": "\u0455", "v": "\u03bd", "x": "\u0445", "y": "\u0443",
    "A": "\u0410\u0391", "B": "\u0412\u0392", "C": "\u0421", "E": "\u0415\u0395",
    "H": "\u041d\u0397", "I": "\u0406\u0399", "J": "\u0408", "K": "\u041a\u039a",
    "M": "\u041c\u039c", "N": "\u039d", "O": "\u041e\u039f", "P": "\u0420\u03a1", "S": "\u0405",
    "T": "\u0422\u03a4", "X": "\u0425\u03a7", "Y": "\u03a5", "Z": "\u0396",
}  # fmt: skip
# Zero-width space, non-joiner and joiner, soft hyphen, word joiner, and a mark of direction.
HIDDEN = "\u200b\u200c\u200d\u00ad\u2060\u200e"


def homoglyphs(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Give each word one letter that only looks like the right one with probability `amount`."""
    edits = []
    for start, end in marked.words():
        places = [i for i in range(start, end) if marked.text[i] in LIKE]
        if places and rng.random() < amount:
            place = rng.choice(places)
            edits.append(Edit(place, place + 1, rng.choice(LIKE[marked.text[place]])))
    return edits


def hidden(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Put a character that nobody sees between two letters of a word with probability `amount`."""
    edits = []
    boundaries = marked.boundaries
    for start, end in marked.words():
        places = [i for i in range(start, end - 1) if i + 1 not in boundaries]
        if places and rng.random() < amount:
            place = rng.choice(places)
            edits.append(Edit(place, place + 1, marked.text[place] + rng.choice(HIDDEN)))
    return edits
