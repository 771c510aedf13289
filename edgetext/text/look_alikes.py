"""Letters that look like those of ASCII, and characters that nobody sees.

Both serve to write a word that people read and a model does not know: "pаypal" with a Cyrillic а,
or with a zero width space within. Which letters look alike is Unicode's list (Technical Standard
39, "Unicode Security Mechanisms", section 4): see text.look_alikes_table.

A letter of another script is a Latin one in disguise only where that script is not the text's own.
So each look-alike has its script, and those of scripts that a model's training texts are written
in stay what they are; of Latin letters beyond ASCII, as the Turkish ı, the same holds.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

PATH = Path(__file__).with_name("look_alikes.txt")
COMMENT = "#"
# Letters of ASCII in another style, as 𝐚 and ａ, are of no script of their own.
STYLED, LATIN = "STYLED", "LATIN"
# A script is the texts' own where so many of them have a word in it: one in a corpus of pages from
# the web may be a trick itself.
SHARE = 0.001

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt of Unicode 16): what has no glyph, as zero
# width spaces, marks of direction, variation selectors, tags and fillers of Hangul.
_INVISIBLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
INVISIBLE = frozenset(
    map(chr, chain.from_iterable(range(first, last + 1) for first, last in _INVISIBLE))
)


@cache
def by_script() -> Mapping[str, Mapping[str, str]]:
    """Read the table: script → what looks like a letter or digit of ASCII → that."""
    table: dict[str, dict[str, str]] = {}
    for line in PATH.read_text("utf-8").splitlines():
        if not line.startswith(COMMENT):
            script, letter, characters = line.split("\t")
            table.setdefault(script, {}).update(dict.fromkeys(characters, letter))
    return table


@cache
def folds(kept: tuple[str, ...]) -> Mapping[str, str]:
    """Give what looks like a letter or digit of ASCII → that, without those of scripts to keep."""
    scripts = (letters for script, letters in by_script().items() if script not in kept)
    return {character: letter for letters in scripts for character, letter in letters.items()}


def own_scripts(texts: Collection[str]) -> tuple[str, ...]:
    """List the scripts of the table that texts are written in, in the order of their names.

    Words that have a letter of ASCII, too, count for none but Latin, whose other letters stand
    beside those of ASCII.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        if not text.isascii():
            counts.update(set(_scripts_of_words(text)))
    enough = SHARE * len(texts)
    return tuple(sorted(script for script, count in counts.items() if count >= enough))


def _scripts_of_words(text: str) -> Iterable[str]:
    for word in text.split():
        if word.isascii():
            continue
        if any(c.isascii() and c.isalpha() for c in word):
            if not by_script()[LATIN].keys().isdisjoint(word):
                yield LATIN
        else:
            yield from filter(None, map(_script, word))


@cache
def _script(character: str) -> str | None:
    """The script of the table that a character is of; of Latin ones, only of a look-alike."""
    script, _, _ = unicodedata.name(character, "").partition(" ")
    if script == LATIN:
        return LATIN if character in by_script()[LATIN] else None
    return script if script in by_script() else None
