"""What BERT's normaliser and word splitter make of each Unicode character.

Asked from the Rust library itself, character by character, so that the tensor program carries that
library's Unicode version and not Python's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain

from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

DROP, SPACE, ISOLATED, WORD = range(4)

# Outside these ranges there is nothing to ask: planes 4 to 13 and most of 14 are unassigned, which
# BERT's normaliser keeps as letters, and planes 15 and 16 are for private use, which it drops.
_ASKED = (
    range(0xD800),
    range(0xE000, 0x40000),
    range(0xE0000, 0xE1000),
    range(0xFFFFE, 0x100000),
    range(0x10FFFE, 0x110000),
)
UNASSIGNED = (range(0x40000, 0xE0000), range(0xE1000, 0xF0000))


@dataclass(frozen=True, slots=True)
class CharacterRule:
    """kind is DROP, SPACE, ISOLATED (a word of its own) or WORD; text is what replaces it."""

    kind: int
    text: str


@cache
def character_rules(lowercase: bool, strip_accents: bool) -> dict[int, CharacterRule]:
    """Code point → rule. Of the others, those in UNASSIGNED stay as they are, as letters, and the
    rest are dropped.

    `text` has more than one character where a letter decomposes and its parts are no accents:
    Hangul syllables and some Indic vowel signs.
    """
    normaliser = BertNormalizer(
        clean_text=True,
        handle_chinese_chars=True,
        strip_accents=strip_accents,
        lowercase=lowercase,
    )
    splitter = BertPreTokenizer()
    rules: dict[int, CharacterRule] = {}
    for code in chain(*_ASKED):
        normal = normaliser.normalize_str(chr(code))
        if not normal:
            continue
        words = [word for word, _ in splitter.pre_tokenize_str(f"a{normal}a")]
        match words:
            case [_]:
                rules[code] = CharacterRule(WORD, normal)
            case ["a", "a"]:
                rules[code] = CharacterRule(SPACE, "")
            case ["a", middle, "a"] if len(middle) == 1:
                rules[code] = CharacterRule(ISOLATED, middle)
            case _:
                # No character of Unicode 16 does this; a later version must not pass unseen.
                raise AssertionError(f"U+{code:04X} normalises to {words[1:-1]}, a mix of words")
    return rules
