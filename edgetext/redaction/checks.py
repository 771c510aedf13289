"""Exact checks after a model: cards, IBANs and IP addresses must be such, and none is left out.

A model tells by what stands around a number; whether its check digit is right it cannot know, and
what its form tells needs no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from edgetext.core.checksums import is_card, is_iban, is_ip
from edgetext.data.example import Span
from edgetext.redaction import fields, names
from edgetext.redaction.dates import whole_dates
from edgetext.redaction.forms import Place, emails, hardware, secrets, tax_numbers, urls
from edgetext.redaction.numbers import addresses, cards, ibans, lone_addresses
from edgetext.redaction.runs import whole_runs

# What is left of a hardware address that a log shortens.
_GROUPS = re.compile("(?:[0-9A-Fa-fxX*]{2,4}[:.-]){2}")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]")
_LETTERS = bytes(n for n in range(256) if n >= 128 or bytes([n]).isalpha() or n == 32)


@dataclass(frozen=True, slots=True)
class _Check:
    """find: where such things are in a text; passes: whether a text is one. alone: what is one
    whatever stands around it; sure: it is none of anything else, whatever a model says. hint: what
    is among the digits and marks of each text that has one, read without letters and blanks."""

    find: Callable[[bytes], Iterator[Place]]
    passes: Callable[[str], object] | None = None
    alone: Callable[[bytes], Iterator[Place]] | None = None
    sure: bool = True
    hint: bytes = b""


# What is found alone: its label, how its hint is looked for, what finds it, and whether it is sure.
_Alone = tuple[str, Callable[[bytes], object], Callable[[bytes], Iterator[Place]], bool]
# In the order in which they count: a host or a number in a URL is a part of it.
_CHECKS = {
    "URL": _Check(urls, re.compile(r"[.:/]").search, urls, hint=rb"://|\."),
    **dict.fromkeys(
        ("EMAIL", "EMAIL_ADDRESS"), _Check(emails, re.compile("@").search, emails, hint=b"@")
    ),
    **dict.fromkeys(("KEY", "API_KEY", "SECRET"), _Check(secrets, alone=secrets)),
    **dict.fromkeys(
        ("MAC", "MAC_ADDRESS"),
        _Check(
            *(hardware, _GROUPS.search, hardware),
            hint=rb":\d?\d?:\d?\d?:\d?\d?:|-\d?\d?-\d?\d?-\d?\d?-|\.\d{0,4}\.",
        ),
    ),
    **dict.fromkeys(
        ("IP", "IP_ADDRESS"),
        _Check(
            *(addresses, is_ip, lone_addresses),
            hint=rb"\.\d{1,3}\.\d{1,3}\.\d|::|:(?:\d{0,4}:){6}",
        ),
    ),
    "TAX_ID": _Check(tax_numbers, alone=tax_numbers, hint=rb"\d\d\d(?:\d{4}|\.\d{3}\.\d{3}-\d\d)"),
    **dict.fromkeys(
        ("IBAN", "IBAN_CODE"), _Check(ibans, is_iban, ibans, sure=False, hint=rb"\d(?:\D*\d){6}")
    ),
    **dict.fromkeys(
        ("CARD", "CREDIT_CARD", "CREDIT_CARD_NUMBER"),
        _Check(cards, is_card, cards, sure=False, hint=rb"\d(?:[.\-]?\d){11}"),
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
    alone, name, user = _known(tuple(labels))
    proofs = list(_proofs(data, alone))
    proved = {(label, start, end) for label, start, end, _ in proofs} if proofs else set()
    kept: list[Span] = []
    if spans := list(spans):
        for span in whole_dates(names.whole_names(whole_runs(spans, data), data), data):
            check = _CHECKS.get(span.label.upper())
            if check is None:
                kept.append(span)
            elif (place := (span.label, span.start, span.end)) in proved:
                proved.remove(place)
                kept.append(span)
            else:
                kept += _passing(span, data, check)
    if name is not None:
        kept = _with_told(kept, data, name, names.titled(data))
    if user is not None:
        kept = _with_told(kept, data, user, fields.user_names(data))
    for label, start, end, sure in proofs:
        if (label, start, end) in proved:
            kept = _with(Span(label, start, end, data), kept, data, sure)
    return sorted(kept, key=_start) if len(kept) > 1 else kept


def _proofs(data: bytes, alone: Sequence[_Alone]) -> Iterator[tuple[str, int, int, bool]]:
    """Yield what of a text passes a check by itself, no two over one another: its label, where it
    is, and whether it is none of anything else."""
    signs = data.translate(None, _LETTERS)
    taken: list[Place] = []
    for label, hinted, find, sure in alone:
        # Most texts are done with that.
        if hinted(signs):
            for start, end in find(data):
                if all(end <= first or last <= start for first, last in taken):
                    taken.append((start, end))
                    yield label, start, end, sure


_start = attrgetter("start")


@lru_cache(maxsize=8)
def _known(labels: tuple[str, ...]) -> tuple[tuple[_Alone, ...], str | None, str | None]:
    """The labels of which something is found alone, in the order of _CHECKS, that of names, and
    that of users' names."""
    by_name = {label.upper(): label for label in labels}
    alone = tuple(
        (by_name[name], re.compile(check.hint).search, check.alone, check.sure)
        for name, check in _CHECKS.items()
        if name in by_name and check.alone is not None
    )
    name, user = (
        next((by_name[name] for name in by_name if name in known), None)
        for known in (names.LABELS, fields.LABELS)
    )
    return alone, name, user


def _passing(span: Span, data: bytes, check: _Check) -> list[Span]:
    """The span, what passes its check in it, or nothing."""
    words = data[span.start : span.end]
    if check.passes is None or check.passes(_ascii(words)):
        return [span]
    places = ((span.start + start, span.start + end) for start, end in check.find(words))
    return [Span(span.label, start, end, data) for start, end in places]


def _with_told(kept: list[Span], data: bytes, label: str, places: Iterable[Place]) -> list[Span]:
    """The spans, and one of `label` at each place that overlaps none, or only such as lie in it."""
    for start, end in places:
        touching = [span for span in kept if span.start < end and start < span.end]
        if all(start <= span.start and span.end <= end for span in touching):
            kept = [span for span in kept if span not in touching]
            kept.append(Span(label, start, end, data))
    return kept


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


def _ascii(data: bytes) -> str:
    return data.decode("ascii", "replace")
