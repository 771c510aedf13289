"""Where a date begins and ends, of which a model saw a part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edgetext.data.example import Span

LABELS = frozenset(("DATE_OF_BIRTH", "BIRTHDAY"))
# How the names of months begin in English, German, French, Spanish, Italian, Dutch, Portuguese.
_MONTH = (
    "(?:jan|ene|gen|feb|fév|fev|mar|maa|mär|apr|avr|abr|may|mai|mei|maj|mag|jun|giu|juin|jul|lug"
    "|juil|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic)"
).encode() + rb"[a-z\x80-\xff]{0,7}\.?"
_YEAR = rb"(?:19|20)\d\d"
_DATE = re.compile(
    rb"(?<![0-9A-Za-z])(?:\d{1,4}([./\-])\d{1,2}\1\d{1,4}"
    rb"|\d{1,2}(?:\.|st|nd|rd|th|er|\xc2\xba)? (?:de |of )?" + _MONTH
    + rb"(?:,? (?:de )?" + _YEAR + rb")?"
    rb"|" + _MONTH + rb" \d{1,2}(?:st|nd|rd|th)?(?:,? " + _YEAR + rb")?)(?![0-9A-Za-z]|[./\-]\d)",
    re.IGNORECASE,
)  # fmt: skip


def whole_dates(spans: Sequence[Span], data: bytes) -> list[Span]:
    """Give the spans of a text, in its order, those of birthdays as whole dates: what overlaps a
    date is the date, and two halves of one are one."""
    if LABELS.isdisjoint([span.label.upper() for span in spans]):
        return list(spans)
    dates = [match.span() for match in _DATE.finditer(data)]
    whole: list[Span] = []
    for span in spans:
        if span.label.upper() in LABELS:
            touched = [(a, b) for a, b in dates if a < span.end and span.start < b]
            if len(touched) == 1 and touched[0] != (span.start, span.end):
                span = Span(span.label, *touched[0], data)
        if not whole or whole[-1] != span:
            whole.append(span)
    return whole
