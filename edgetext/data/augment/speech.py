"""English texts roughly as speech recognition writes them: small letters, no marks, numbers in
words, and words that sound like the ones that were said.

It is an imitation by a few rules, fitted to no recognizer: what one really mistakes depends on its
microphone, its language model and who speaks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from edgetext.data.augment.edits import Change, Edit, Marked
from edgetext.data.augment.keyboard import punctuation, recased

# Share of the words that sound like another which come as that one.
MISHEARD = 0.2
# Frequent English words that sound alike.
ALIKE = (
    "to two too", "for four", "there their", "by buy bye", "here hear", "right write", "one won",
    "no know", "your you're", "its it's", "new knew", "see sea", "son sun", "week weak",
    "would wood", "whether weather", "ate eight", "be bee", "blue blew", "great grate",
    "hour our", "meet meat", "night knight", "pair pear", "peace piece", "plane plain",
    "rain reign", "red read", "road rode", "sale sail", "some sum", "tale tail", "through threw",
    "wait weight", "way weigh", "where wear", "which witch", "made maid", "mail male",
)  # fmt: skip
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])|[0-9]+(?:\.[0-9]+)?")
_ORDINAL = re.compile(r"st|nd|rd|th", re.IGNORECASE)
_SAID = {"%": "percent", "&": "and", "@": "at", "+": "plus"}
# Spellings of one sound, as these follow one another; the vowels are as in most English words.
_SOUNDS = tuple(
    (re.compile(spelled), sound)
    for spelled, sound in (
        (r"^kn|^gn", "n"), (r"^wr", "r"), (r"^wh", "w"), (r"^ps", "s"), (r"ph", "f"),
        (r"igh", "I"), (r"gh(?=t|$)", ""), (r"mb$", "m"), (r"tch", "ch"), (r"dge?(?=$)", "j"),
        (r"ck|c(?![eiyh])|q", "k"), (r"c(?=[eiy])", "s"), (r"x", "ks"),
        (r"([bdfgklmnprstz])\1", r"\1"),
        (r"ai|ay|a(?=[^aeiou]e$)", "A"), (r"ee|ea|ie(?!$)", "E"), (r"ow|oa|o(?=[^aeiou]e$)", "O"),
        (r"oo|ue|ew", "U"), (r"y$|ie$|i(?=[^aeiou]e$)", "I"), (r"(?<=[^aeiouAEOUI])e$", ""),
    )
)  # fmt: skip


def sound(word: str) -> str:
    """Give what a word of small letters sounds like by a few spelling rules of English, roughly:
    two words of one sound are near each other, but not all such words are told."""
    for spelled, written in _SOUNDS:
        word = spelled.sub(written, word)
    return word


class Homophones:
    """Words that sound alike: ALIKE, and those of some texts by `sound`."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.others: dict[str, tuple[str, ...]] = {}
        groups = [set(line.split()) for line in ALIKE]
        sounds: dict[str, set[str]] = {}
        for text in texts:
            for word in re.findall(r"[a-z]{3,}", text.lower()):
                sounds.setdefault(sound(word), set()).add(word)
        groups += [group for group in sounds.values() if len(group) > 1]
        for group in groups:
            for word in group:
                others = {*self.others.get(word, ()), *group} - {word}
                self.others[word] = tuple(sorted(others))

    def __call__(self, marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
        """Exchange each word that has others with probability `amount`."""
        edits = []
        for start, end in marked.words():
            others = self.others.get(marked.text[start:end].lower())
            if others and rng.random() < amount:
                edits.append(Edit(start, end, rng.choice(others)))
        return edits


def heard(homophones: Homophones) -> tuple[Change, ...]:
    """Make what a text goes through one after the other once it is heard and not typed."""

    def small(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
        return recased(marked.text, "lower")

    def misheard(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
        return homophones(marked, MISHEARD, rng)

    def unmarked(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
        return punctuation(marked, 1.0, rng)

    return misheard, spelled_out, unmarked, small


def spelled_out(marked: Marked, amount: float, rng: random.Random) -> list[Edit]:
    """Write numbers and a few signs in words; "2nd" and the like stay."""
    text, edits = marked.text, []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if not _ORDINAL.match(text, end):
            edits.append(Edit(start, end, _parted(text, start, end, in_words(match[0]))))
    for i, sign in enumerate(text):
        if sign in _SAID:
            edits.append(Edit(i, i + 1, _parted(text, i, i + 1, _SAID[sign])))
    return edits


def _parted(text: str, start: int, end: int, words: str) -> str:
    """The words, with a blank where they would join what stands beside them."""
    before = " " if start and (text[start - 1].isalnum() or text[start - 1] in _SAID) else ""
    return before + words + (" " if text[end : end + 1].isalnum() else "")


def in_words(number: str) -> str:
    """Say a number as it is read: "3.5", "1,000", "2017" as a year, "05" and longer ones digit by
    digit."""
    whole, point, rest = number.replace(",", "").partition(".")
    if point:
        return f"{in_words(whole)} point {_digits(rest)}"
    if len(whole) > 6 or (whole[0] == "0" and len(whole) > 1):
        return _digits(whole)
    value = int(whole)
    if len(whole) == 4 and "," not in number and value % 1000 >= 10 and value < 2100:
        hundreds, years = divmod(value, 100)
        return f"{_cardinal(hundreds)} {_cardinal(years) if years else 'hundred'}"
    return _cardinal(value)


def _digits(number: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in number)


def _cardinal(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")
    size, word = (1000, "thousand") if value >= 1000 else (100, "hundred")
    many, rest = divmod(value, size)
    return f"{_cardinal(many)} {word}" + (f" {_cardinal(rest)}" if rest else "")
