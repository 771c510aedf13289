"""Tag schemes: one tag a word (BIO, IOB1, IOBES, BILOU or plain labels) as spans over words.

BIO (IOB2): B-x begins a span and I-x goes on. IOB1 (Ramshaw & Marcus 1995): I-x begins it too, and
B-x only where it follows a span of the same label. IOBES and BILOU also mark a span's last word
(E or L) and the span of one word (S or U). `iob` takes B- and I- in any order, as conlleval and
seqeval read them: for published data that mixes BIO and IOB1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

Scheme = Literal["bio", "iob1", "iob", "iobes", "bilou", "words"]
Chunk = tuple[str, int, int]  # label, first word, word after the last

_PREFIXES = {"bio": "BI", "iob1": "BI", "iob": "BI", "iobes": "BIES", "bilou": "BILU"}
_OUTSIDE = ("O", "_")


class TagError(ValueError):
    """The tag at word `position` (0-based) breaks the scheme; the message ends with the mend."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


def detect(sentences: Iterable[Sequence[str]]) -> Scheme:
    """The scheme of a file's tags.

    Where the tags fit none, the one they are nearest to, whose `chunks` then names the tag that
    does not fit.
    """
    prefixes: set[str] = set()
    orphans = needless = 0  # I- that begins a span; B- that IOB1 would not write
    for tags in sentences:
        before = ""
        for tag in tags:
            prefix, _, label = tag.partition("-")
            prefixes.add(prefix)
            if label and label != before:
                orphans += prefix == "I"
                needless += prefix == "B"
            before = label
    if prefixes & {"E", "S"}:
        return "iobes"
    if prefixes & {"L", "U"}:
        return "bilou"
    return "iob1" if orphans and not needless else "bio"


def chunks(tags: Sequence[str], scheme: Scheme) -> list[Chunk]:
    """The spans that the tags of a sentence stand for; TagError where they break the scheme."""
    if scheme == "words":
        return [(tag, i, i + 1) for i, tag in enumerate(tags) if tag not in _OUTSIDE]
    closes = scheme in ("iobes", "bilou")
    found: list[Chunk] = []
    label = ""  # of the span that the word before belongs to
    unclosed = False
    for i, tag in enumerate(tags):
        prefix, here = _split(tag, i, scheme)
        role = {"L": "E", "U": "S"}.get(prefix, prefix) if closes else prefix
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
            found[-1] = (here, found[-1][1], i + 1)
        else:
            found.append((here, i, i + 1))
        label = here
        unclosed = closes and role in ("B", "I")
    if unclosed:
        raise TagError(len(tags) - 1, f"the {label} span is not closed at the end; {_mend}")
    return found


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
