"""Tag schemes: one tag a word (BIO, IOB1, IOBES, BILOU or plain labels) as spans over words.

BIO (IOB2): B-x begins a span and I-x goes on. IOB1 (Ramshaw & Marcus 1995): I-x begins it too, and
B-x only where it follows a span of the same label. IOBES and BILOU also mark a span's last word
(E or L) and the span of one word (S or U). `iob` takes B- and I- in any order, as conlleval and
seqeval read them: for published data that mixes BIO and IOB1. `io` has no prefixes: neighbours of
one label are one span.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby, pairwise
from typing import Literal

Scheme = Literal["bio", "iob1", "iob", "iobes", "bilou", "io", "words"]
Chunk = tuple[str, int, int]  # label, first word, word after the last

_PREFIXES = {"bio": "BI", "iob1": "BI", "iob": "BI", "iobes": "BIES", "bilou": "BILU"}
_OUTSIDE = ("O", "_")
_PREFIXED = re.compile(r"[BIESLU]-.")
_ROLES = {"L": "E", "U": "S"}  # BILOU's names for IOBES's


class TagError(ValueError):
    """The tag at word `position` (0-based) breaks the scheme; the message ends with the mend."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


def detect(sentences: Iterable[Sequence[str]]) -> Scheme:
    """Choose the scheme of a file's tags: the one that fewest of them break.

    Tags without a prefix are labels themselves: of words where every word has one, as parts of
    speech, else of spans (`io`).
    """
    pairs: Counter[tuple[str, str]] = Counter()  # a tag, after the one before it
    tags: Counter[str] = Counter()
    for sentence in sentences:
        tags.update(sentence)
        pairs.update(pairwise(["O", *sentence, "O"]))
    outside = sum(tags[tag] for tag in _OUTSIDE)
    prefixed = sum(count for tag, count in tags.items() if _PREFIXED.match(tag))
    if 2 * prefixed < tags.total() - outside:
        return "io" if 4 * outside > tags.total() else "words"
    schemes: tuple[Scheme, ...] = ("bio", "iob1", "iobes", "bilou")
    return min(
        schemes,
        key=lambda scheme: sum(n for pair, n in pairs.items() if _is_odd(*pair, scheme)),
    )


def read_as_conlleval(tags: Sequence[str], scheme: Scheme) -> tuple[list[Chunk], int]:
    """Give the spans of a sentence, read as conlleval reads any tags, and how many break `scheme`.

    A span begins at B or S, where the label changes, and at I or E after a span that has ended.
    TagError for a tag that is of no scheme.
    """
    if scheme in ("words", "io"):
        return chunks(tags, scheme), 0
    spans: list[Chunk] = []
    before = "O"
    for i, tag in enumerate(tags):
        role, label = _role(tag, i, scheme)
        before_role, before_label = _role(before, i, scheme)
        goes_on = before_role in ("B", "I") and before_label == label
        if role in ("I", "E") and goes_on:
            spans[-1] = (label, spans[-1][1], i + 1)
        elif role != "O":
            spans.append((label, i, i + 1))
        before = tag
    odd = sum(_is_odd(*pair, scheme) for pair in pairwise(["O", *tags, "O"]))
    return spans, odd


def _role(tag: str, position: int, scheme: Scheme) -> tuple[str, str]:
    """B, I, E, S or O, and the label, of a tag of any scheme with prefixes."""
    if _PREFIXED.match(tag):
        prefix, _, label = tag.partition("-")
        return _ROLES.get(prefix, prefix), label
    return _split(tag, position, scheme)


def _is_odd(before: str, tag: str, scheme: Scheme) -> bool:
    """Whether a tag may not follow the one before it."""
    prefix, _, label = tag.partition("-")
    last, _, last_label = before.partition("-")
    if tag not in _OUTSIDE and prefix not in _PREFIXES[scheme]:
        return True
    role = _ROLES.get(prefix, prefix)
    goes_on = last in ("B", "I") and last_label == label
    if scheme in ("bio", "iob1"):
        return role == ("I" if scheme == "bio" else "B") and not goes_on
    return (last in ("B", "I") or role in ("I", "E")) and not (role in ("I", "E") and goes_on)


def chunks(tags: Sequence[str], scheme: Scheme) -> list[Chunk]:
    """The spans that the tags of a sentence stand for; TagError where they break the scheme."""
    if scheme == "words":
        return [(tag, i, i + 1) for i, tag in enumerate(tags) if tag not in _OUTSIDE]
    if scheme == "io":
        runs = [(tag, len(list(run))) for tag, run in groupby(tags)]
        ends = list(accumulate(count for _, count in runs))
        return [
            (tag, end - count, end)
            for (tag, count), end in zip(runs, ends, strict=True)
            if tag not in _OUTSIDE
        ]
    closes = scheme in ("iobes", "bilou")
    spans: list[Chunk] = []
    label = ""  # of the span that the word before belongs to
    unclosed = False
    for i, tag in enumerate(tags):
        prefix, here = _split(tag, i, scheme)
        role = _ROLES.get(prefix, prefix) if closes else prefix
        if unclosed and (role not in ("I", "E") or here != label):
            raise TagError(i, f"{tag!r} stands where the {label} span is not closed yet; {_mend}")
        if role == "O":
            label = ""
            continue
        goes_on = here == label and (unclosed or not closes)
        if role == "B" and scheme == "iob1" and not goes_on:
            raise TagError(i, f"{tag!r} stands where IOB1 begins a span with I-; {_mixed}")
        if role in ("I", "E") and not goes_on and scheme not in ("iob1", "iob"):
            mend = _mend if closes else _mixed
            raise TagError(i, f"{tag!r} follows no tag of {here}, as {scheme.upper()} asks; {mend}")
        if role in ("I", "E") and goes_on:
            spans[-1] = (here, spans[-1][1], i + 1)
        else:
            spans.append((here, i, i + 1))
        label = here
        unclosed = closes and role in ("B", "I")
    if unclosed:
        raise TagError(len(tags) - 1, f"the {label} span is not closed at the end; {_mend}")
    return spans


_mend = "correct the tag, or set `scheme` to that of the file"
_mixed = "correct the tag, or set `scheme: iob` to read a mix of BIO and IOB1 as conlleval does"


def _split(tag: str, position: int, scheme: str) -> tuple[str, str]:
    if tag == "O":
        return "O", ""
    prefix, _, label = tag.partition("-")
    if label and prefix in _PREFIXES[scheme]:
        return prefix, label
    allowed = ", ".join(f"{p}-…" for p in _PREFIXES[scheme])
    hint = "" if label else "; set `scheme: words` if each word's tag is a label itself"
    raise TagError(
        position, f"{tag!r} is no tag of {scheme.upper()} (O, {allowed}){hint or '; correct it'}"
    )
