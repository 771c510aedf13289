"""Where spans begin and end: at whole runs of the characters of their label, in one column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edgetext.data.example import Span
from edgetext.redaction.addresses import whole_address
from edgetext.redaction.forms import Place

_BLANKS = re.compile(rb"[ \t\r\n]")
# A column or a line ends there.
_GAP = re.compile(rb"\t|\r|\n|  +")
# Marks that stand around a value and are none of it.
_MARKS = b" ,;:|/=-\"'"
_WORD = rb"\w\x80-\xff"
# A label of a field and its value are parted so; no value of a known form holds such a mark.
_FIELD = re.compile(rb".*[:=] ?", re.DOTALL)
# Of a key, which may hold such marks itself.
_OPTION = re.compile(rb"-{0,2}[A-Za-z_\-]{3,}=(?=[^=]{4})")
# Bytes that a span grows by, fewer than a window's context: what goes on for longer is no value.
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class _Form:
    """What a value goes on with to the left (`before`) and to the right (`after`), as bytes of a
    set in a regular expression; left, right: the bytes of these; tail: what ends none; one_run:
    whether it holds no blank; inside: what may stand between two parts of a value; apart: whether a
    mark between a field and its value is none of it; plain: a value that stays as it is between
    bytes that it does not go on with, which most spans are."""

    left: frozenset[int]
    right: frozenset[int]
    before: re.Pattern[bytes]
    after: re.Pattern[bytes]
    tail: bytes
    one_run: bool
    inside: re.Pattern[bytes]
    apart: bool
    plain: re.Pattern[bytes]


def _form(
    before: bytes,
    after: bytes,
    tail: bytes,
    inside: bytes = b"",
    one_run: bool = False,
    apart: bool = True,
) -> _Form:
    # See `_whole` for what else it looks at.
    parted = rb":=" if apart else b"="
    word = rb"[^\t\r\n (%s]" % parted
    middle = word + rb"*" if one_run else rb"(?:%s| (?! ))*" % word
    first = rb"[^\t\r\n(\x80-\xff%s]" % re.escape(_MARKS)
    last = rb"[^\t\r\n(\x80-\xff %s%s]" % (re.escape(tail), parted)
    return _Form(
        _bytes_of(before),
        _bytes_of(after),
        re.compile(rb"(?<![%s])[%s]{1,%d}\Z" % (before, before, _LONGEST)),
        re.compile(rb"[%s]{1,%d}(?![%s])" % (after, _LONGEST, after)),
        tail,
        one_run,
        re.compile(inside),
        apart,
        re.compile(rb"(?=%s)%s(?<=%s)" % (first, middle, last)),
    )


def _bytes_of(characters: bytes) -> frozenset[int]:
    """The bytes of a set in a regular expression."""
    one = re.compile(rb"[%s]" % characters)
    return frozenset(n for n in range(256) if one.match(bytes([n])))


_FORMS = {
    **dict.fromkeys(
        ("USERNAME", "USER_NAME"),
        _form(_WORD + rb".\-", _WORD + rb".\-", b".-\"',;:)]", one_run=True),
    ),
    **dict.fromkeys(
        ("KEY", "API_KEY", "PASSWORD", "SECRET"),
        _form(_WORD + rb".+/\-", _WORD + rb".+/=\-", b".-", one_run=True, apart=False),
    ),
    **dict.fromkeys(
        ("PASSPORT", "PASSPORT_NUMBER"), _form(b"A-Za-z0-9", b"A-Za-z0-9", b"", one_run=True)
    ),
    **dict.fromkeys(
        ("PERSON", "NAME"), _form(_WORD + rb"'\-", _WORD + rb"\-", _MARKS + b"?!", rb"[ \-]?")
    ),
    "ADDRESS": _form(_WORD + rb"'.\-", _WORD + rb"\-", _MARKS, rb"[ ,/.'\-]{0,3}"),
    **dict.fromkeys(("PHONE", "PHONE_NUMBER"), _form(rb"\d+(./\-", rb"\d)./\-", _MARKS + b".(")),
    "DATE_OF_BIRTH": _form(rb"\d./\-", rb"\d./\-", _MARKS + b".", rb"[ ,./\-]{0,2}"),
    "TAX_ID": _form(
        rb"A-Za-z0-9./\-", rb"A-Za-z0-9./\-", _MARKS + b".", rb"[ .\-]?(?:\d{1,3}[ .\-])?"
    ),
}


def whole_runs(spans: Sequence[Span], data: bytes) -> list[Span]:
    """Give the spans of a text, which are in its order; those of labels whose form is known grow
    to the whole run that they are in, lose the marks around them, and end with their column: at a
    tab, a line's end or two blanks, or at any blank where the label has none. They do not grow into
    the spans beside them."""
    spans = joined(spans, data, _inside) if len(spans) > 1 else spans
    whole: list[Span] = []
    until = 0
    following = [*(span.start for span in spans[1:]), len(data)]
    for span, limit in zip(spans, following, strict=False):
        label = span.label.upper()
        form = _FORMS.get(label)
        if form is not None:
            limit = max(limit, span.end)
            span = _whole(span, data, form, (until, limit))
            if label == "ADDRESS":
                span = whole_address(span, data, max(limit, span.end))
        if span.start < span.end:
            whole.append(span)
        until = max(until, span.end)
    return whole


def joined(
    spans: Sequence[Span], data: bytes, inside: Callable[[str], re.Pattern[bytes] | None]
) -> list[Span]:
    """The spans, those of one label as one where no more is between them than a value may hold: two
    halves of a name or an address, which a model parted.

    inside: of a label, what may stand between two parts of its values; None for those that have
    none.
    """
    whole: list[Span] = []
    for span in spans:
        before = whole[-1] if whole else None
        if before is not None and before.label == span.label:
            between = inside(span.label)
            if between is not None and between.fullmatch(data, before.end, span.start):
                whole[-1] = Span(span.label, before.start, span.end, data)
                continue
        whole.append(span)
    return whole


def _inside(label: str) -> re.Pattern[bytes] | None:
    form = _FORMS.get(label.upper())
    return None if form is None else form.inside


def _whole(span: Span, data: bytes, form: _Form, within: tuple[int, int]) -> Span:
    start, end = span.start, span.end
    if (
        form.plain.fullmatch(data, start, end)
        and (start == 0 or data[start - 1] not in form.left)
        and (end >= len(data) or data[end] not in form.right)
        and span.content is not None
    ):
        return span
    words = data[start:end]
    field = (_FIELD if form.apart else _OPTION).match(words)
    if field and field.end() < len(words):
        span = Span(span.label, span.start + field.end(), span.end, data)
        words = data[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(_MARKS))
    gap = (_BLANKS if form.one_run else _GAP).search(data, start, span.end)
    if gap is not None:
        end = gap.start()
    else:
        after = form.after.match(data, span.end)
        end = span.end if after is None else min(after.end(), within[1])
    # Most values begin after a blank.
    if within[0] < start < end and data[start - 1] in form.left:
        before = form.before.search(data[within[0] : start])
        start = start if before is None else within[0] + before.start()
    end = start + len(data[start:end].rstrip(form.tail))
    start, end = _without_marks(data, *_in_brackets(data, start, end))
    if start == span.start and end == span.end and span.content is not None:
        return span
    return Span(span.label, start, end, data)


def _in_brackets(data: bytes, start: int, end: int) -> Place:
    """A value without the brackets that are around the whole of it, and with the one that closes
    its own."""
    words = data[start:end]
    opened = words.count(b"(")
    if opened > words.count(b")") and data[end : end + 1] == b")":
        return start, end + 1
    inner = words[1:-1]
    around = words.startswith(b"(") and words.endswith(b")")
    if around and inner.find(b")") >= inner.find(b"(") and inner.count(b"(") == inner.count(b")"):
        return start + 1, end - 1
    return start, end


def _without_marks(data: bytes, start: int, end: int) -> Place:
    """A value without the marks beyond ASCII around it, as \u00bf, quotation marks and dashes,
    whose bytes are like those of letters."""
    if start >= end or (data[start] < 0x80 and data[end - 1] < 0x80):
        return start, end
    words = data[start:end].decode("utf-8", "surrogateescape")
    kept = words.lstrip(_marks(words))
    start += len(words[: len(words) - len(kept)].encode("utf-8", "surrogateescape"))
    kept = kept.rstrip(_marks(kept))
    return start, start + len(kept.encode("utf-8", "surrogateescape"))


def _marks(words: str) -> str:
    """A blank, and the characters beyond ASCII of a text that are marks or signs."""
    return " " + "".join(
        x for x in set(words) if not x.isascii() and unicodedata.category(x)[0] in "PSZ"
    )
