"""Clusters: a letter and the signs on it, as words of scripts that put no space between words.

A line of Thai is one word to BERT's splitter: no label could begin inside it, and one character
that no piece holds would make all of it unknown. With `clusters` each letter of a script begins a
word of its own, as ideographs do; vowel signs, tone marks and the vowels that stand after a
consonant stay with the letter before. (Theeramunkong et al. 2000 call such units "Thai character
clusters"; theirs also join a vowel that stands before its consonant to it.)

Of kana a cluster is about a mora: small letters but for the small tsu, the marks of voicing and the
long vowel's mark are signs. Of Hangul it is a syllable, whose initial consonant is the letter. What
is written before which, as a particle after a Korean noun, is left to the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

# Letters (Lo, Lm) but for the vowels that follow; signs (Mn, Mc) and those vowels.
_SCRIPTS = {
    "thai": ("\u0e01-\u0e2f\u0e40-\u0e44\u0e46", "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"),
    "lao": (
        "\u0e81-\u0e82\u0e84\u0e86-\u0e8a\u0e8c-\u0ea3\u0ea5\u0ea7-\u0eaf\u0ebd\u0ec0-\u0ec4\u0ec6"
        "\u0edc-\u0edf",
        "\u0eb0-\u0ebc\u0ec8-\u0ecd",
    ),
    "burmese": (
        "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065-\u1066\u106e-\u1070"
        "\u1075-\u1081\u108e",
        "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074"
        "\u1082-\u108d\u108f\u109a-\u109d",
    ),
    "khmer": ("\u1780-\u17b3\u17d7\u17dc", "\u17b4-\u17d3\u17dd"),
    "kana": (
        "\u3042\u3044\u3046\u3048\u304a-\u3082\u3084\u3086\u3088-\u308d\u308f-\u3096\u309d-\u309f"
        "\u30a2\u30a4\u30a6\u30a8\u30aa-\u30e2\u30e4\u30e6\u30e8-\u30ed\u30ef-\u30fa\u30fd-\u30ff"
        "\uff66\uff6f\uff71-\uff9d",
        "\u3041\u3043\u3045\u3047\u3049\u3083\u3085\u3087\u308e\u3099-\u309c"
        "\u30a1\u30a3\u30a5\u30a7\u30a9\u30e3\u30e5\u30e7\u30ee\u30fc\u31f0-\u31ff"
        "\uff67-\uff6e\uff70\uff9e-\uff9f",
    ),
    "hangul": (
        "\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3",
        "\u1160-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb",
    ),
}
SCRIPTS = tuple(_SCRIPTS)
# Those that have no spaces between words.
SPACELESS = ("thai", "lao", "burmese", "khmer", "kana")
# What `clusters: true` of edgetext 0.1 stands for.
FIRST_SCRIPTS = ("thai", "lao", "burmese", "khmer")
AUTO = "auto"

# What a recipe may say: AUTO, all or none of SPACELESS, or names.
Choice = str | bool | Sequence[str]


def chosen_scripts(choice: Choice, texts: Iterable[str] | None = None) -> tuple[str, ...]:
    """Give the scripts that a recipe's `text.clusters` stands for, in the order of SCRIPTS.

    texts: the training texts; `auto` is those of SPACELESS of which a letter stands in one, or all
    without texts, since a script that does not come changes nothing.
    """
    if isinstance(choice, bool):
        return SPACELESS if choice else ()
    if choice != AUTO:
        return tuple(script for script in SCRIPTS if script in choice)
    if texts is None:
        return SPACELESS
    missing = {script: re.compile(f"[{_SCRIPTS[script][0]}]") for script in SPACELESS}
    for text in texts:
        if not text.isascii():
            for script in [script for script, letter in missing.items() if letter.search(text)]:
                del missing[script]
    return tuple(script for script in SPACELESS if script not in missing)


@cache
def pattern(scripts: tuple[str, ...]) -> str:
    """Write what a word of BERT's splitter falls apart into: clusters, and what stands between."""
    letters = "".join(_SCRIPTS[script][0] for script in scripts)
    signs = "".join(_SCRIPTS[script][1] for script in scripts)
    return f"[{letters}{signs}][{signs}]*|[^{letters}{signs}]+[{signs}]*"


@cache
def letters(scripts: tuple[str, ...]) -> frozenset[str]:
    """List the characters that begin a cluster."""
    return frozenset().union(*(_members(_SCRIPTS[script][0]) for script in scripts))


@cache
def signs(scripts: tuple[str, ...]) -> frozenset[str]:
    """List the characters that go on with a cluster."""
    return frozenset().union(*(_members(_SCRIPTS[script][1]) for script in scripts))


def _members(ranges: str) -> frozenset[str]:
    members: set[str] = set()
    at = 0
    while at < len(ranges):
        first = last = ranges[at]
        at += 1
        if ranges[at : at + 1] == "-":
            last = ranges[at + 1]
            at += 2
        members.update(map(chr, range(ord(first), ord(last) + 1)))
    return frozenset(members)
