"""Exact checks after a model: cards, IBANs and IP addresses must be such, and none is left out.

A model tells by what stands around a number; whether its check digit is right it cannot know, and
what its form tells needs no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from edgetext.core.checksums import iban_length, is_card, is_iban, is_ip
from edgetext.data.example import Span
from edgetext.redaction import names
from edgetext.redaction.dates import whole_dates
from edgetext.redaction.forms import Place, emails, hardware, secrets, tax_numbers, urls
from edgetext.redaction.runs import whole_runs

# Without so many, no card is there; most texts are done with that.
_MANY_DIGITS = re.compile(rb"\d(?:[ .\-]?\d){11}")
_DIGIT_GROUPS = re.compile(rb"(?<![0-9A-Za-z])\d+(?:[ .\-]\d+)*(?![0-9A-Za-z])")
# Numbers of the networks: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay.
_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|(?:6011|64[4-9]\d|65\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|62\d{14,17}"
)
_CARD_GROUPS = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1)}
_IBAN = re.compile(rb"(?<![0-9A-Za-z])[A-Z]{2}\d\d(?:[ \-]?[0-9A-Za-z])+")
_FOUR = re.compile(
    rb"(?<![0-9A-Za-z.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?:/\d\d?)?(?![0-9A-Za-z]|\.\d)"
)
_SIX = re.compile(rb"[0-9A-Fa-f:]{3,}(?:/\d{1,3})?(?![0-9A-Za-z])")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_LETTERS = bytes(n for n in range(256) if n >= 128 or bytes([n]).isalpha() or n == 32)
# What is left of a hardware address that a log shortens.
_GROUPS = re.compile("(?:[0-9A-Fa-fxX*]{2,4}[:.-]){2}")
_NUMBER = re.compile(rb"\d+")
_LETTER = re.compile(rb"[0-9A-Za-z]")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]")


def cards(data: bytes) -> Iterator[Place]:
    """Yield where the card numbers of a text are: digits of a network, with a right check digit.

    They stand packed or in the groups that are printed on cards.
    """
    if not _MANY_DIGITS.search(data):
        return
    for match in _DIGIT_GROUPS.finditer(data):
        groups = [group.span() for group in _NUMBER.finditer(match[0])]
        sizes = [end - start for start, end in groups]
        last = 0
        for first in range(len(groups)):
            for end in range(len(groups), first, -1):
                if end - first == 1:
                    fits = 13 <= sizes[first] <= 19
                else:
                    fits = tuple(sizes[first:end]) in _CARD_GROUPS
                place = groups[first][0], groups[end - 1][1]
                if not fits or place[0] < last or _goes_on(match[0], groups, first, end):
                    continue
                if _is_network_card(match[0], groups[first:end]):
                    yield match.start() + place[0], match.start() + place[1]
                    last = place[1]
                    break


def ibans(data: bytes) -> Iterator[Place]:
    """Yield where the IBANs of a text are: of their country's length, with right check digits."""
    for match in _IBAN.finditer(data):
        length = iban_length(match[0][:2].decode())
        characters = [m.end() for m in re.finditer(rb"[0-9A-Za-z]", match[0])]
        if length is None or len(characters) < length:
            continue
        end = characters[length - 1]
        follows = match[0][end : end + 1]
        if not follows.isalnum() and is_iban(_ascii(match[0][:end]).replace("-", "")):
            yield match.start(), match.start() + end


def addresses(data: bytes) -> Iterator[Place]:
    """Yield where the IP addresses of a text are, each as long as it goes."""
    for match in _FOUR.finditer(data) if data.count(b".") > 2 else ():
        if all(int(number) < 256 for number in match[1].split(b".")):
            yield match.span()
    if b"::" not in data and data.count(b":") < 7:
        return
    for match in _SIX.finditer(data):
        # A colon that ends the word before it stands at its begin.
        first = 1 if match[0][:1] == b":" and match[0][:2] != b"::" else 0
        text = _ascii(match[0][first:])
        if "::" not in text and text.count(":") < 7:
            continue
        for cut in (len(text), len(text.rstrip(":")), text.rfind(":")):
            if cut > 1 and is_ip(text[:cut]):
                yield match.start() + first, match.start() + first + cut
                break


def lone_addresses(data: bytes) -> Iterator[Place]:
    """Yield where IP addresses are that are such whatever stands around them: no version, as
    1.2.3.4 may be, and no `d::c` of a program."""
    for start, end in addresses(data):
        numbers = _NUMBER.findall(data, start, end)
        if b"." in data[start:end]:
            if any(len(number) > 1 for number in numbers):
                yield start, end
        elif end - start > 5 and not _LETTER.search(data[max(0, start - 1) : start]):
            yield start, end


@dataclass(frozen=True, slots=True)
class _Check:
    """find: where such things are in a text; passes: whether a text is one. alone: what is one
    whatever stands around it; sure: it is none of anything else, whatever a model says. digits: the
    fewest of a text that has one, marks: bytes of which it has some."""

    find: Callable[[bytes], Iterator[Place]]
    passes: Callable[[str], object] | None = None
    alone: Callable[[bytes], Iterator[Place]] | None = None
    sure: bool = True
    digits: int = 0
    marks: frozenset[int] | None = None


# What is found alone: its label, its check, and what finds it.
_Alone = tuple[str, _Check, Callable[[bytes], Iterator[Place]]]
# In the order in which they count: a host or a number in a URL is a part of it.
_CHECKS = {
    "URL": _Check(urls, re.compile(r"[.:/]").search, urls, marks=frozenset(b":.")),
    **dict.fromkeys(
        ("EMAIL", "EMAIL_ADDRESS"),
        _Check(emails, re.compile("@").search, emails, marks=frozenset(b"@")),
    ),
    **dict.fromkeys(
        ("KEY", "API_KEY", "SECRET"),
        _Check(secrets, alone=secrets),
    ),
    **dict.fromkeys(
        ("MAC", "MAC_ADDRESS"),
        _Check(hardware, _GROUPS.search, hardware, marks=frozenset(b":-.")),
    ),
    **dict.fromkeys(
        ("IP", "IP_ADDRESS"), _Check(addresses, is_ip, lone_addresses, marks=frozenset(b".:"))
    ),
    "TAX_ID": _Check(tax_numbers, alone=tax_numbers, digits=7),
    **dict.fromkeys(("IBAN", "IBAN_CODE"), _Check(ibans, is_iban, ibans, sure=False, digits=7)),
    **dict.fromkeys(
        ("CARD", "CREDIT_CARD", "CREDIT_CARD_NUMBER"),
        _Check(cards, is_card, cards, sure=False, digits=12),
    ),
}


def checked(spans: Iterable[Span], data: bytes, labels: Iterable[str]) -> list[Span]:
    """Give the spans of a text that pass their checks, and what passes one and had no span.

    A card (Luhn), an IBAN (mod 97, its country's length), an IP address, or an e-mail address
    without @ that fails goes, or shrinks to what passes in it. What no span covers gets one: cards,
    IBANs, IP addresses, and e-mail addresses, URLs, MAC addresses, keys and tax numbers that their
    form tells; these take the place of other spans, too. Spans of labels without blanks are whole
    runs (see whole_runs). labels: all those of the model, by whose names (CARD, IBAN, IP and usual
    others) it is known what is checked.
    """
    alone, name = _known(tuple(labels))
    proofs = list(_proofs(data, alone))
    proved = {(label, start, end) for label, start, end, _ in proofs}
    kept: list[Span] = []
    if spans := list(spans):
        for span in whole_dates(names.whole_names(whole_runs(spans, data), data), data):
            if (place := (span.label, span.start, span.end)) in proved:
                proved.remove(place)
                kept.append(span)
            else:
                kept += _passing(span, data)
    if name is not None:
        kept = names.with_titled(kept, data, name)
    for label, start, end, sure in proofs:
        if (label, start, end) in proved:
            kept = _with(Span(label, start, end, data), kept, data, sure)
    return sorted(kept, key=_start) if len(kept) > 1 else kept


def _proofs(data: bytes, alone: Sequence[_Alone]) -> Iterator[tuple[str, int, int, bool]]:
    """Yield what of a text passes a check by itself, no two over one another: its label, where it
    is, and whether it is none of anything else."""
    signs = data.translate(None, _LETTERS)
    digits, marks = len(signs.translate(None, _NO_DIGITS)), set(signs)
    taken: list[Place] = []
    for label, check, find in alone:
        # Most texts are done with that.
        if digits < check.digits or (check.marks and check.marks.isdisjoint(marks)):
            continue
        for start, end in find(data):
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
                yield label, start, end, check.sure


_start = attrgetter("start")


@lru_cache(maxsize=8)
def _known(labels: tuple[str, ...]) -> tuple[tuple[_Alone, ...], str | None]:
    """The labels of which something is found alone, in the order of _CHECKS, and that of names."""
    by_name = {label.upper(): label for label in labels}
    alone = tuple(
        (by_name[name], check, check.alone)
        for name, check in _CHECKS.items()
        if name in by_name and check.alone is not None
    )
    return alone, next((by_name[name] for name in by_name if name in names.LABELS), None)


def _passing(span: Span, data: bytes) -> list[Span]:
    """The span, what passes the check in it, or nothing."""
    check = _CHECKS.get(span.label.upper())
    words = data[span.start : span.end]
    if check is None or check.passes is None or check.passes(_ascii(words)):
        return [span]
    places = ((span.start + start, span.start + end) for start, end in check.find(words))
    return [Span(span.label, start, end, data) for start, end in places]


def _with(new: Span, spans: Sequence[Span], data: bytes, sure: bool) -> list[Span]:
    """The spans with a new one: what it overlaps goes or is cut.

    sure: it takes the place of one that covers it, too; otherwise that one stays as it is.
    """
    if not sure and any(span.start <= new.start and new.end <= span.end for span in spans):
        return list(spans)
    if not spans or all(span.end <= new.start or new.end <= span.start for span in spans):
        return [*spans, new]
    parts = [new]
    for span in spans:
        before = span.start, min(span.end, new.start)
        after = max(span.start, new.end), span.end
        apart = before == (span.start, span.end) or after == (span.start, span.end)
        if apart:
            parts.append(span)
        elif span.label != new.label:
            parts += [
                Span(span.label, *place, data)
                for place in (before, after)
                if _WORD.search(data, *place)
            ]
    return parts


def _goes_on(data: bytes, groups: Sequence[Place], first: int, end: int) -> bool:
    """Whether these groups are a part of a longer number: four digits stand before or after."""
    around = [*groups[max(0, first - 1) : first], *groups[end : end + 1]]
    between = [data[one[1] : other[0]] for one, other in pairwise(groups[first:end])]
    beside = [
        data[groups[at - 1][1] : groups[at][0]] for at in (first, end) if 0 < at < len(groups)
    ]
    return any(stop - start == 4 for start, stop in around) and bool({*between} & {*beside})


def _is_network_card(data: bytes, groups: Sequence[Place]) -> bool:
    """Whether these groups, which stand in one way apart, are a card of a network."""
    if len({data[end:start] for (_, end), (start, _) in pairwise(groups)}) > 1:
        return False
    digits = "".join(_ascii(data[start:end]) for start, end in groups)
    return bool(_CARD.fullmatch(digits)) and is_card(digits)


def _ascii(data: bytes) -> str:
    return data.decode("ascii", "replace")
