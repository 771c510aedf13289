"""How a vocabulary reads characters: what BERT's normalizer makes of them, canonically equal ones
alike.

Unicode calls texts canonically equal that look alike and mean the same, as é in one code point and
e with the accent after it (NFC and NFD). BERT's normalizer decomposes letters only to strip their
accents; here they are decomposed where accents are kept, too. So é becomes e and ́, whichever form
a text has, and pieces are learned and matched in that form. It needs no operator where a letter's
parts are unknown or stripped, and of others the graph's table has their parts, as before of Hangul.

Two marks on a letter may come in either order, if they stand in different places on it. Unicode
orders them by their combining class, here `exchange` does, as often as pieces make it worth it.

Decompositions and classes are those of Unicode 3.2, which each Python has unchanged, so that a
model reads alike wherever its files are written. Later characters that decompose (Balinese and
some historic scripts) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from unicodedata import ucd_3_2_0

import numpy as np

from edgetext.text.character_rules import WORD, CharacterRule, CharacterRules
from edgetext.text.clusters import signs
from edgetext.text.look_alikes import INVISIBLE, folds
from edgetext.text.unicode import POINTS, character_rules

# BERT drops it, and it is what Thai, Khmer and others have between words.
_ZERO_WIDTH_SPACE = "\u200b"
# It makes ≠ out of =, and a word of its own in the midst of a character; so it is dropped.
_LONG_SOLIDUS = "\u0338"
# Five ideographs whose decompositions were mended after Unicode 3.2 (Corrigendum 4).
_CORRECTED = {
    "\U0002f868": "\u36fc",
    "\U0002f874": "\u5f53",
    "\U0002f91f": "\U000243ab",
    "\U0002f95f": "\u7aee",
    "\U0002f9bf": "\u45d7",
}
# Width forms stand below, and of the planes above those of ideographs nothing decomposes.
_LAST_DECOMPOSED = 0x2FFFF
# Nobody sees these.
_TAGS = range(0xE0000, 0xE1000)
# More than three marks in the wrong order are rare, and each round costs some operators.
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """Rules for characters.

    lowercase, keep_accents, crowded: see Vocabulary. canonical: canonically equal texts are read
    alike. fold_width: full-width Latin is as ASCII, half-width kana as kana. look_alikes: what
    looks like a letter of ASCII is read as that, but for scripts of own_scripts, and what nobody
    sees is dropped.
    """

    lowercase: bool
    keep_accents: bool
    canonical: bool
    fold_width: bool
    crowded: bool = True
    look_alikes: bool = False
    own_scripts: tuple[str, ...] = ()

    @property
    def strips_accents(self) -> bool:
        """As BERT does where case is folded, unless the vocabulary keeps them."""
        return self.lowercase and not self.keep_accents

    @property
    def decomposes(self) -> bool:
        """Whether letters fall into parts that are kept."""
        return self.canonical and not self.strips_accents

    def parts(self, character: str) -> str:
        """What is read in a character's place, before case is folded; itself for most."""
        if not self.canonical:
            return character
        if self.look_alikes and character in INVISIBLE:
            return ""
        if character == _ZERO_WIDTH_SPACE:
            return " "
        if self.fold_width:
            character = _narrow(character)
        if self.decomposes and not self.crowded and character in crowded_characters():
            return character
        if self.look_alikes:
            parts = _decomposed(character)
            plain = "".join(map(folds(self.own_scripts).get, parts, parts))
            if plain != parts:
                return plain
        return character if self.strips_accents else _decomposed(character)


@cache
def rules(reading: Reading) -> CharacterRules:
    """Look up code point → rule, as text.unicode.character_rules has them."""
    base = character_rules(reading.lowercase, reading.strips_accents)
    if not reading.canonical:
        return base
    decomposed: list[int] = []
    changed: dict[int, CharacterRule] = {}
    for point in POINTS:
        if point > _LAST_DECOMPOSED and point not in _TAGS:
            continue
        parts = reading.parts(chr(point))
        if parts == chr(point):
            continue
        decomposed.append(point)
        by_part = [base[ord(part)] for part in parts if ord(part) in base]
        if by_part:
            kinds = {rule.kind for rule in by_part}
            # Unicode 3.2 is fixed: but for ≠, ≮ and ≯ no character is a mix of words.
            assert len(by_part) == 1 or kinds == {WORD}, f"U+{point:04X} is a mix of words"
            changed[point] = CharacterRule(by_part[0].kind, "".join(rule.text for rule in by_part))
    return base.replaced(decomposed, changed)


@cache
def crowded_characters() -> frozenset[str]:
    """List what has more parts than bytes: some thirty letters with two marks, as ǖ and ΐ, and
    Greek ones with three."""
    characters = map(chr, range(0x80, 0xD800))
    return frozenset(c for c in characters if len(_decomposed(c)) > len(c.encode("utf-8")))


def any_crowded(texts: Iterable[str]) -> bool:
    """Whether one has such a character, in one code point or in several."""
    search = re.compile(f"[{''.join(sorted(crowded_characters()))}]").search
    return any(
        not text.isascii() and search(ucd_3_2_0.normalize("NFC", text)) is not None
        for text in texts
    )


def combining_classes(characters: Iterable[str], clusters: tuple[str, ...] = ()) -> dict[str, int]:
    """Character → where it stands on its letter, of those that are such marks; but for signs of
    clusters, which would part the marks of another letter."""
    others = set(characters).difference(signs(clusters))
    classes = {character: ucd_3_2_0.combining(character) for character in others}
    return {character: kind for character, kind in classes.items() if kind}


def rounds_of_exchange(pieces: Iterable[str], classes: Mapping[str, int]) -> int:
    """Give the rounds that put as many marks in order as some piece has on a letter."""
    most = 0
    for piece in pieces if classes else ():
        run: list[int] = []
        for character in (*piece, " "):
            kind = classes.get(character, 0)
            if kind:
                run.append(kind)
            else:
                if len(set(run)) > 1:
                    most = max(most, len(run))
                run = []
    return min(MOST_ROUNDS, most * (most - 1) // 2)


def exchange(classes: np.ndarray) -> np.ndarray:
    """Combining classes int64[m] → int64[m]: from where each place takes its mark in one round.

    A mark changes places with the next one when that has a lower class above 0; of several such
    pairs in a row, the first does.
    """
    after = np.append(classes[1:], 0)
    falls = (classes > after) & (after > 0)
    exchanged = (falls & ~np.insert(falls[:-1], 0, False)).astype(np.int64)
    return np.arange(len(classes)) + exchanged - np.insert(exchanged[:-1], 0, 0)


def _decomposed(character: str) -> str:
    character = _CORRECTED.get(character, character)
    return ucd_3_2_0.normalize("NFD", character).replace(_LONG_SOLIDUS, "")


def _narrow(character: str) -> str:
    """The ordinary form of a full-width or half-width one (Unicode Technical Report 30, 4.4)."""
    kind, _, point = ucd_3_2_0.decomposition(character).partition(" ")
    return chr(int(point, 16)) if kind in ("<wide>", "<narrow>") else character
