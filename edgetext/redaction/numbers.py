"""Numbers that prove themselves, whatever stands around them: cards, IBANs and IP addresses.

Each function yields places, pairs of the first byte and the byte after the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from edgetext.core.checksums import iban_length, is_card, is_iban, is_ip
from edgetext.redaction.forms import Place

# Digits together, or in the groups that are printed on cards; most numbers are done with that.
_CARD_LIKE = re.compile(
    rb"\d{13}|\d{4}(?:([ .\-])\d{4}\1\d{4}\1(?:\d{4}|\d)|([ .\-])\d{6}\2\d{4,5})(?!\d)"
)
_DIGIT_GROUPS = re.compile(rb"\d(?<![0-9A-Za-z].)\d*(?:[ .\-]\d+)*(?![0-9A-Za-z])", re.DOTALL)
# Numbers of the networks: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay.
_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|(?:6011|64[4-9]\d|65\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|62\d{14,17}"
)
_CARD_GROUPS = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1)}
# What begins with a set of bytes is looked for faster than what begins with a look behind.
_IBAN = re.compile(rb"[A-Z][A-Z]\d\d(?<![0-9A-Za-z].{4})(?:[ \-]?[0-9A-Za-z])+", re.DOTALL)
_FOUR = re.compile(
    rb"(\d(?<![0-9A-Za-z.].)\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?:/\d\d?)?(?![0-9A-Za-z]|\.\d)",
    re.DOTALL,
)
_SIX = re.compile(rb"[0-9A-Fa-f:]{3,}(?:/\d{1,3})?(?![0-9A-Za-z])")
_NUMBER = re.compile(rb"\d+")
_LETTER = re.compile(rb"[0-9A-Za-z]")


def cards(data: bytes) -> Iterator[Place]:
    """Yield where the card numbers of a text are: digits of a network, with a right check digit.

    They stand packed or in the groups that are printed on cards.
    """
    if not _CARD_LIKE.search(data):
        return
    for match in _DIGIT_GROUPS.finditer(data):
        if not _CARD_LIKE.search(match[0]):
            continue
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
            if last == len(match[0]):
                break


def ibans(data: bytes) -> Iterator[Place]:
    """Yield where the IBANs of a text are: of their country's length, with right check digits."""
    for match in _IBAN.finditer(data):
        length = iban_length(match[0][:2].decode())
        if length is None or len(match[0]) < length:
            continue
        end, marks = 0, 0
        while end < length + marks:
            end = length + marks
            marks = match[0].count(b" ", 0, end) + match[0].count(b"-", 0, end)
        if end > len(match[0]):
            continue
        follows = match[0][end : end + 1]
        if not follows.isalnum() and is_iban(match[0][:end].decode().replace("-", "")):
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
        text = match[0][first:].decode()
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
    digits = b"".join(data[start:end] for start, end in groups).decode()
    return bool(_CARD.fullmatch(digits)) and is_card(digits)
