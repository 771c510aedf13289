"""What the texts and the labeled spans of a data set tell of the recipe that suits it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE

# How much more often a word begins with a capital in a span than outside, where capitals tell.
_MORE_OFTEN = 0.3
# Of all words, how many must have a label, for its capitals to be more than chance.
_FEWEST = 0.01
# Of all spans, how many must have a value that no other has, for others' values to teach anything.
_UNIQUE = 0.1
# Of the texts in use, how many are about nothing known: people say more than was foreseen.
_OUT_OF_SCOPE = 0.1
# Of all texts, how many must have marks that are letters: one name in another script is no reason.
_MARKED = 0.01
# What names of letters begin with in Unicode whose scripts put no space between words, and which a
# word that is told by its bytes does not part as a vocabulary does. Of ideographs each is a word.
_SPACELESS = ("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
# Of all texts, how many may have such letters, of which hashed words make less than pieces do.
_LEFT_OUT = 0.2
_LETTERS_AND_MARKS = "LM"
# Blocks of Unicode whose marks stand on letters that are read without them, too: those of Latin,
# Greek and Cyrillic, and the vowel points of Hebrew, Arabic and Syriac, which are mostly left out.
_ADDED_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x06ED),
    (0x0711, 0x074A),
    (0x08CA, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE2F),
)


def capitals_tell(examples: Sequence[Example]) -> bool:
    """Tell whether words begin with capitals much more often in labeled spans than outside, or in
    spans of one label than anywhere else, as proper nouns do where every word has a label.

    A text's first word does not count, since a sentence begins with a capital whatever it says.
    """
    counts: Counter[tuple[str | None, bool]] = Counter()
    for example in examples:
        counts.update(_first_letters(example))
    labels = {label for label, _ in counts if label is not None}
    fewest = _FEWEST * counts.total()
    each = [{label} for label in labels if counts[label, True] + counts[label, False] >= fewest]
    return any(_more_often(counts, inside) for inside in (labels, *each))


def _first_letters(example: Example) -> Iterator[tuple[str | None, bool]]:
    """Yield, of each word but the first that begins with a letter, the label of the span that it
    begins in, None outside, and whether the letter is a capital."""
    raw = example.text.encode("utf-8")
    at = 0
    for number, word in enumerate(raw.split()):
        at = raw.index(word, at)
        first = word.decode("utf-8", "ignore")[:1]
        if number and first.isalpha():
            inside = (span.label for span in example.spans if span.start <= at < span.end)
            yield next(inside, None), first.isupper()
        at += len(word)


def _more_often(counts: Counter[tuple[str | None, bool]], labels: set[str]) -> bool:
    """Tell whether words with one of the labels begin with capitals much more often than the
    others; not where there are none of either."""
    capitals: Counter[bool] = Counter()
    words: Counter[bool] = Counter()
    for (label, is_capital), count in counts.items():
        capitals[label in labels] += count * is_capital
        words[label in labels] += count
    if not words[True] or not words[False]:
        return False
    return capitals[True] / words[True] > capitals[False] / words[False] + _MORE_OFTEN


def values_are_open(examples: Sequence[Example]) -> bool:
    """Tell whether many spans have a value of their own, as names have, so that those to come will
    be new, too."""
    values: Counter[tuple[str, bytes]] = Counter()
    for example in examples:
        raw = example.text.encode("utf-8")
        values.update((span.label, raw[span.start : span.end]) for span in example.spans)
    unique = sum(count == 1 for count in values.values())
    return unique > _UNIQUE * values.total()


def marks_are_letters(examples: Sequence[Example]) -> bool:
    """Tell whether texts are in a script whose marks are letters, as the vowel signs of Hindi and
    Thai and what tells が from か are: Unicode counts them among accents, so folding takes them."""
    marked = sum(any(_has_letter_mark(text) for text in e.texts) for e in examples)
    return marked > 0 and marked >= _MARKED * len(examples)


def _has_letter_mark(text: str) -> bool:
    return not text.isascii() and any(map(_is_letter_mark, text))


@cache
def _is_letter_mark(character: str) -> bool:
    """Whether a mark that is a letter stands in what the character falls apart into."""
    return any(
        unicodedata.category(part) == "Mn"
        and not any(low <= ord(part) <= high for low, high in _ADDED_MARKS)
        for part in unicodedata.normalize("NFD", character)
    )


def words_are_spaced(examples: Sequence[Example]) -> bool:
    """Tell whether spaces stand between the words of nearly all texts, so that their bytes tell
    them apart."""
    spaceless = sum(any(map(_has_spaceless, example.texts)) for example in examples)
    return spaceless <= _LEFT_OUT * len(examples)


def bytes_tell_words(examples: Sequence[Example]) -> bool:
    """Tell whether hashed words lose nothing beside pieces: few texts have a letter that is not of
    ASCII, whose case and accents bytes do not fold and which may stand in a text in two forms."""
    others = sum(any(map(_has_other_letter, example.texts)) for example in examples)
    return others <= _LEFT_OUT * len(examples)


def _has_other_letter(text: str) -> bool:
    return not text.isascii() and any(
        not x.isascii() and unicodedata.category(x)[0] in _LETTERS_AND_MARKS for x in text
    )


def _has_spaceless(text: str) -> bool:
    return not text.isascii() and any(map(_is_spaceless, text))


@cache
def _is_spaceless(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_SPACELESS)


def unlike_in_use(examples: Sequence[Example]) -> dict[str, float]:
    """Give the labels of texts that mean none of the others and are rarer than such texts are in
    use, with that share."""
    counts = Counter(example.intent for example in examples)
    rare = (x for x in OUT_OF_SCOPE if 0 < counts[x] < _OUT_OF_SCOPE * len(examples))
    return dict.fromkeys(rare, _OUT_OF_SCOPE)
