"""Exact checks after a model: cards, IBANs and IP addresses must be such, and none is left out.

A model tells by what stands around a number; whether its check digit is right it cannot know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edgetext.core.checksums import iban_length, is_card, is_iban, is_ip
from edgetext.data.example import Span

Place = tuple[int, int]  # first byte, byte after the last

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
_ADDRESS = re.compile(rb"[0-9A-Fa-f:.]{2,}")


def cards(data: bytes) -> Iterator[Place]:
    """Yield where the card numbers of a text are: digits of a network, with a right check digit.

    They stand packed or in the groups that are printed on cards.
    """
    if not _MANY_DIGITS.search(data):
        return
    for match in _DIGIT_GROUPS.finditer(data):
        groups = [group.span() for group in re.finditer(rb"\d+", match[0])]
        last = 0
        for first in range(len(groups)):
            for end in range(len(groups), first, -1):
                place = groups[first][0], groups[end - 1][1]
                if place[0] < last or _goes_on(match[0], groups, first, end):
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
    for match in _ADDRESS.finditer(data):
        start, end = match.span()
        text = _ascii(match[0])
        for cut in (len(text), len(text.rstrip(":.")), text.rfind(":")):
            if cut > 1 and is_ip(text[:cut]):
                yield start, min(start + cut, end)
                break


@dataclass(frozen=True, slots=True)
class _Check:
    """find: where such things are in a text; passes: whether a text is one; alone: whether a number
    that passes is one whatever stands around it."""

    find: Callable[[bytes], Iterator[Place]]
    passes: Callable[[str], bool]
    alone: bool


_CHECKS = {
    **dict.fromkeys(("CARD", "CREDIT_CARD", "CREDIT_CARD_NUMBER"), _Check(cards, is_card, True)),
    **dict.fromkeys(("IBAN", "IBAN_CODE"), _Check(ibans, is_iban, True)),
    **dict.fromkeys(("IP", "IP_ADDRESS"), _Check(addresses, is_ip, False)),
}


def checked(spans: Iterable[Span], data: bytes, labels: Iterable[str]) -> list[Span]:
    """Give the spans of a text that pass their checks, and what passes one and had no span.

    A card (Luhn), an IBAN (mod 97, its country's length) or an IP address that fails goes, or
    shrinks to what passes in it. Cards and IBANs that no span covers get one. labels: all those of
    the model, by whose names (CARD, IBAN, IP and usual others) it is known what is checked.
    """
    kept: list[Span] = []
    for span in spans:
        kept += _passing(span, data)
    for label in labels:
        check = _CHECKS.get(label.upper())
        if check is not None and check.alone:
            for start, end in check.find(data):
                kept = _with(Span(label, start, end, data), kept, data)
    return sorted(kept, key=lambda span: span.start)


def _passing(span: Span, data: bytes) -> list[Span]:
    """The span, what passes the check in it, or nothing."""
    check = _CHECKS.get(span.label.upper())
    words = data[span.start : span.end]
    if check is None or check.passes(_ascii(words)):
        return [span]
    places = ((span.start + start, span.start + end) for start, end in check.find(words))
    return [Span(span.label, start, end, data) for start, end in places]


def _with(new: Span, spans: Sequence[Span], data: bytes) -> list[Span]:
    """The spans with a new one, where none covers it: what it overlaps goes or is cut."""
    if any(span.start <= new.start and new.end <= span.end for span in spans):
        return list(spans)
    parts = [new]
    for span in spans:
        before = span.start, min(span.end, new.start)
        after = max(span.start, new.end), span.end
        parts += [
            Span(span.label, *place, data) for place in (before, after) if place[0] < place[1]
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
    if len(groups) > 1:
        between = {data[end:start] for (_, end), (start, _) in pairwise(groups)}
        sizes = tuple(end - start for start, end in groups)
        if len(between) > 1 or sizes not in _CARD_GROUPS:
            return False
    digits = "".join(_ascii(data[start:end]) for start, end in groups)
    return bool(_CARD.fullmatch(digits)) and is_card(digits)


def _ascii(data: bytes) -> str:
    return data.decode("ascii", "replace")
