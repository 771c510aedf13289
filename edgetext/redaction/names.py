"""Where names of persons begin and end, and who is named by a form of address.

What a model marks as a person may have a word too many or too few. In a text that has capitals,
words of a name have one, but for what stands inside of it, as `van der`; a form of address is none
of it, and what follows one is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edgetext.data.example import Span
from edgetext.redaction.forms import Place
from edgetext.redaction.runs import joined

LABELS = frozenset(("PERSON", "NAME"))
# A capital as UTF-8: of ASCII, Latin 1, Latin Extended A and B (where capitals and small letters
# take turns, so that both count), Vietnamese, Greek and Cyrillic.
_CAPITAL = (
    rb"(?:[A-Z]|\xc3[\x80-\x9e]|[\xc4-\xc9][\x80-\xbf]|\xe1[\xb8-\xbb][\x80-\xbf]"
    rb"|\xce[\x86-\xab]|\xd0[\x80-\xaf])"
)
_REST = rb"[A-Za-z\x80-\xff'\-]*"
# Articles and prepositions in surnames: those that are words of their language as well, and count
# where a name goes on after them anyway, and those that are not.
_OFTEN = rb"de|du|da|do|di|la|le|lo|las|los|les|den|del|der|des|dem|het|op|in|zu|al|el|bin|ben|st"
_PARTS = rb"de|van|von|vom|zur|zum|ter|ten|della|delle|degli|dei|dell|dos|das|'t|ibn|af|av"
_PART = rb"(?:van|von)(?: (?:de[nr]?|het|'t))?|" + _PARTS + rb"|de la|de los|de las"
_SMALL = re.compile(rb"(?:" + _OFTEN + rb"|" + _PARTS + rb"|d'|l')\Z", re.IGNORECASE)
_WORD = re.compile(rb"[^\s,;:()<>\"]+")
_NAME = rb"(?:d'|l'|')?" + _CAPITAL + _REST
_BEGINS_LARGE = re.compile(rb"(?:\A|[^A-Za-z\x80-\xff])" + _CAPITAL)
# What may be a letter of a script that has no capitals, or small ones that are not told here.
_UNCASED = re.compile(rb"[\x80-\xc1\xca-\xe1\xe3-\xff]")
# Words that begin messages and are no names, in the languages of the built-in data set.
_NO_NAMES = frozenset(
    "i hi hello hey here dear thanks please yes sorry bearer cheers regards ich hallo bitte danke "
    "hier ja nein sie liebe lieber inhaber inhaberin je bonjour salut merci ici oui non hola "
    "gracias aquí sí querida querido ciao grazie buongiorno ecco sì cara caro hoi ik ze hij "
    "bedankt dank nee beste lieve oi olá obrigado obrigada aqui sim não eu".encode().split()
)
# One more word of a name, after what surnames have inside.
_NEXT = re.compile(rb" (?:(?:" + _PART + rb") )?" + _NAME + rb"(?![\w.@])")
_NEXT_AFTER_SMALL = re.compile(rb" (?:(?:" + _OFTEN + rb"|" + _PARTS + rb") ){0,2}" + _NAME)
_BETWEEN = re.compile(rb" (?:(?:" + _OFTEN + rb"|" + _PARTS + rb") ){1,3}")
_BEFORE_SMALL = re.compile(rb"(?<![\w.@\-\x80-\xff])" + _NAME + rb" \Z")
# Forms of address, which begin small or with a capital where a sentence may.
_TITLE = (
    rb"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Sra?|Srta|[Ss]e\xc3\xb1ora?"
    rb"|[Ss]ignora?|[Ss]ig|[Dd]ott|Sig\.ra|Dott\.ssa|[Mm]eneer|[Mm]evrouw|[Mm]evr|[Dd]hr|[Ss]enhora?)"
)
_TITLES = re.compile(_TITLE + rb"\.?\Z")
_TITLED = re.compile(
    rb"(?<![\w.@\-\x80-\xff])" + _TITLE + rb"\.? ((?:(?:" + _OFTEN + rb"|" + _PARTS + rb") ){0,3}"
    + _NAME + rb")"
)  # fmt: skip
# A greeting or thanks and who is meant, up to a mark or the end, but for those that are no one.
_GREETED = re.compile(
    rb"(?<![\w.@\-\x80-\xff])(?i:hi|hello|hey|dear|thanks|hallo|liebe[rs]?|danke|salut|bonjour"
    rb"|ch(?:er|\xc3\xa8re)|merci|hola|querid[oa]|gracias|ciao|car[oa]|grazie|hoi|beste|lieve|bedankt"
    rb"|oi|ol\xc3\xa1|obrigad[oa]) (" + _NAME + rb")"
)  # fmt: skip
_NO_ONE = frozenset(
    b"all everyone everybody team folks guys sir madam sirs customer world god welt zusammen "
    b"leute kunde kundin damen herren tous toutes client cliente monde todos todas mundo tutti "
    b"tutte mondo klant allemaal mensen iedereen dios dieu dio deus gott".split()
)
_AFTER_GREETING = re.compile(rb" ?(?:[,!.:;?\r\n]|\Z)")


def whole_names(spans: Sequence[Span], data: bytes) -> list[Span]:
    """Give the spans of a text, in its order, those of persons from capital to capital: cut at
    small words and forms of address, and as far as capitals go on."""
    if LABELS.isdisjoint([span.label.upper() for span in spans]):
        return list(spans)
    whole: list[Span] = []
    spans = joined(spans, data, _inside) if len(spans) > 1 else spans
    following = [*(span.start for span in spans[1:]), len(data)]
    for span, limit in zip(spans, following, strict=True):
        if span.label.upper() not in LABELS:
            whole.append(span)
            continue
        pieces = list(_pieces(data, span.start, span.end))
        for n, (start, end) in enumerate(pieces):
            if n == 0 and (
                before := _BEFORE_SMALL.search(data, whole[-1].end if whole else 0, start)
            ):
                start = before.start() if _SMALL.match(data[start:end].split(b" ")[0]) else start
            if n + 1 == len(pieces) and end >= span.end - 1:
                end = _grown(data, end, limit)
            is_same = (start, end) == (span.start, span.end) and span.content is not None
            whole.append(span if is_same else Span(span.label, start, end, data))
    return whole


def titled(data: bytes) -> Iterator[Place]:
    """Yield where names stand that follow a form of address, or a greeting and end there."""
    for match in _TITLED.finditer(data):
        start, end = match.span(1)
        yield start, _grown(data, end, len(data))
    for match in _GREETED.finditer(data):
        start, end = match.start(1), _grown(data, match.end(), len(data))
        first = match[1].lower()
        if first in _NO_ONE or first in _NO_NAMES or _TITLES.match(match[1]):
            continue
        if _AFTER_GREETING.match(data, end):
            yield start, end


def with_titled(spans: list[Span], data: bytes, label: str) -> list[Span]:
    """Give the spans of a text and one of `label` for each name after a form of address that
    overlaps none, or only such as lie in it."""
    kept = spans
    for start, end in titled(data):
        touching = [span for span in kept if span.start < end and start < span.end]
        inside = all(start <= span.start and span.end <= end for span in touching)
        if inside:
            kept = [span for span in kept if span not in touching]
            kept.append(Span(label, start, end, data))
    return kept


def _inside(label: str) -> re.Pattern[bytes] | None:
    """What stands inside of names, which two spans of persons with no more between them are one
    by."""
    return _BETWEEN if label.upper() in LABELS else None


def _pieces(data: bytes, start: int, end: int) -> Iterator[Place]:
    """The names within a span: runs of words with capitals; all of it where no word has one."""
    words = [(m.start(), m.end()) for m in _WORD.finditer(data, start, end)]
    kinds = [_kind(data[a:b]) for a, b in words]
    if "name" not in kinds or "unknown" in kinds:
        if len(words) > 1 or data[start:end].lower() not in _NO_NAMES:
            yield start, end
        return
    first = last = None
    for (a, b), kind in zip(words, kinds, strict=True):
        if kind == "name":
            first, last = (a if first is None else first), b
        elif kind == "other":
            if first is not None and last is not None:
                yield first, last
            first = last = None
        elif kind == "small" and first is None:
            first = a
    if first is not None and last is not None:
        # What stands inside of names, at the end of one, leads to the next word.
        yield first, end if kinds[-1] == "small" else last


def _kind(word: bytes) -> str:
    """What a word of a span is: of a name, small inside of one, or other, which no doubt is left
    of."""
    if _TITLES.match(word) or word.lower() in _NO_NAMES:
        return "other"
    if _BEGINS_LARGE.search(word):
        return "name"
    if _SMALL.match(word):
        return "small"
    return "unknown" if _UNCASED.match(word) else "other"


def _grown(data: bytes, end: int, limit: int) -> int:
    """Where a name ends that goes on with capitals."""
    after = _NEXT_AFTER_SMALL if _SMALL.search(data[:end].rpartition(b" ")[2]) else _NEXT
    while match := after.match(data, end):
        if match.end() > limit:
            break
        end, after = match.end(), _NEXT
    return end
