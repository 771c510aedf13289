"""Clusters: a letter and the signs on it, as words of scripts that put no space between words.

A line of Thai is one word to BERT's splitter: no label could begin inside it, and one character
that no piece holds would make all of it unknown. With `clusters` each letter of Thai, Lao, Burmese
and Khmer begins a word of its own, as ideographs do; vowel signs, tone marks and the vowels that
stand after a consonant stay with the letter before. (Theeramunkong et al. 2000 call such units
"Thai character clusters"; theirs also join a vowel that stands before its consonant to it.)
"""

from __future__ import annotations

# Unicode blocks 0E00, 0E80, 1000 and 1780: letters (Lo, Lm) but for the vowels that follow.
_LETTERS = (
    "\u0e01-\u0e2f\u0e40-\u0e44\u0e46"
    "\u0e81-\u0e82\u0e84\u0e86-\u0e8a\u0e8c-\u0ea3\u0ea5\u0ea7-\u0eaf\u0ebd\u0ec0-\u0ec4\u0ec6"
    "\u0edc-\u0edf"
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065-\u1066\u106e-\u1070\u1075-\u1081"
    "\u108e"
    "\u1780-\u17b3\u17d7\u17dc"
)
# Signs (Mn, Mc), and the Thai and Lao vowels that are written after a consonant.
_SIGNS = (
    "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"
    "\u0eb0-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d"
    "\u108f\u109a-\u109d"
    "\u17b4-\u17d3\u17dd"
)

# What a word of BERT's splitter falls apart into: clusters, and what stands between them.
PATTERN = f"[{_LETTERS}{_SIGNS}][{_SIGNS}]*|[^{_LETTERS}{_SIGNS}]+[{_SIGNS}]*"


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


LETTERS = _members(_LETTERS)
SIGNS = _members(_SIGNS)
