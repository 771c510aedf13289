"""What BERT's normalizer and word splitter make of each Unicode character.

Asked from the Rust library itself, character by character, so that the tensor program carries that
library's Unicode version and not Python's.
"""

from __future__ import annotations

from functools import cache
from itertools import chain

from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from edgetext.text.character_rules import ISOLATED, SPACE, WORD, CharacterRules
from edgetext.text.unicode_table import CHOICES, Rules, stored, write

# Outside these ranges there is nothing to ask: planes 4 to 13 and most of 14 are unassigned, which
# BERT's normalizer keeps as letters, and planes 15 and 16 are for private use, which it drops.
_ASKED = (
    range(0xD800),
    range(0xE000, 0x40000),
    range(0xE0000, 0xE1000),
    range(0xFFFFE, 0x100000),
    range(0x10FFFE, 0x110000),
)
POINTS = tuple(chain(*_ASKED))
UNASSIGNED = (range(0x40000, 0xE0000), range(0xE1000, 0xF0000))


@cache
def character_rules(lowercase: bool, strip_accents: bool) -> CharacterRules:
    """Look up code point → rule. Of the others, those in UNASSIGNED stay as they are, as letters,
    and the rest are dropped.

    `text` has more than one character where a letter decomposes and its parts are no accents:
    Hangul syllables and some Indic vowel signs.
    """
    rules = stored(POINTS, lowercase, strip_accents)
    if rules is None:
        rules = CharacterRules.of(asked_rules(lowercase, strip_accents))
    return rules


def asked_rules(lowercase: bool, strip_accents: bool) -> Rules:
    """Ask the library of each code point: code point → (kind, text)."""
    normalizer = BertNormalizer(
        clean_text=True,
        handle_chinese_chars=True,
        strip_accents=strip_accents,
        lowercase=lowercase,
    )
    splitter = BertPreTokenizer()
    rules: Rules = {}
    for code in POINTS:
        normal = normalizer.normalize_str(chr(code))
        if not normal:
            continue
        words = [word for word, _ in splitter.pre_tokenize_str(f"a{normal}a")]
        match words:
            case [_]:
                rules[code] = (WORD, normal)
            case ["a", "a"]:
                rules[code] = (SPACE, "")
            case ["a", middle, "a"] if len(middle) == 1:
                rules[code] = (ISOLATED, middle)
            case _:
                # No character of Unicode 16 does this; a later version must not pass unseen.
                raise AssertionError(f"U+{code:04X} normalizes to {words[1:-1]}, a mix of words")
    return rules


if __name__ == "__main__":
    write(POINTS, {choice: asked_rules(*choice) for choice in CHOICES})
