"""Values that hold no blank: a span of such a label is the whole run of its characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edgetext.data.example import Span

_BLANKS = re.compile(rb"[ \t\r\n]")
_GAP = re.compile(rb"\t|\r|\n|  +")


@dataclass(frozen=True, slots=True)
class _Run:
    """before, after: what may go on to the left and to the right; tail: what ends no value."""

    before: re.Pattern[bytes]
    after: re.Pattern[bytes]
    tail: bytes


_WORD = rb"\w\x80-\xff"
_NAME = _Run(re.compile(rb"[%s.\-]+\Z" % _WORD), re.compile(rb"[%s.\-]+" % _WORD), b".-")
_SECRET = _Run(re.compile(rb"[%s.+/\-]+\Z" % _WORD), re.compile(rb"[%s.+/=\-]+" % _WORD), b".-")
_CODE = _Run(re.compile(rb"[A-Za-z0-9]+\Z"), re.compile(rb"[A-Za-z0-9]+"), b"")
_RUNS = {
    **dict.fromkeys(("USERNAME", "USER_NAME"), _NAME),
    **dict.fromkeys(("KEY", "API_KEY", "PASSWORD", "SECRET"), _SECRET),
    **dict.fromkeys(("PASSPORT", "PASSPORT_NUMBER"), _CODE),
}
# Values of several words, which end where a column or a line does.
_IN_CELLS = frozenset((
    "PERSON", "NAME", "ADDRESS", "PHONE", "PHONE_NUMBER", "DATE_OF_BIRTH", "CARD", "IBAN", "TAX_ID"
))  # fmt: skip


def whole_runs(spans: Iterable[Span], data: bytes) -> Iterator[Span]:
    """Yield the spans of a text; those of labels without blanks grow and end with their run, and
    those of names, addresses and numbers end with their column: at a tab, a line's end or two
    blanks. They do not grow into the span before."""
    until = 0
    for span in spans:
        label = span.label.upper()
        if label in _RUNS:
            span = _in_run(span, data, _RUNS[label], until)
        elif label in _IN_CELLS:
            gap = _GAP.search(data, span.start, span.end)
            if gap is not None:
                span = Span(span.label, span.start, gap.start(), data)
        if span.start < span.end:
            yield span
        until = max(until, span.end)


def _in_run(span: Span, data: bytes, run: _Run, until: int) -> Span:
    start, end = span.start, span.end
    blank = _BLANKS.search(data, start, end)
    if blank is not None:
        end = blank.start()
    else:
        after = run.after.match(data, end)
        end = end if after is None else after.end()
    before = run.before.search(data[until:start])
    if before is not None:
        start = until + before.start()
    return Span(span.label, start, start + len(data[start:end].rstrip(run.tail)), data)
