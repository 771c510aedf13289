"""Spans in texts of any length: a model reads so many bytes, and nothing may be lost at a cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Span
from edgetext.predictor import Predictor
from edgetext.redaction.checks import checked
from edgetext.tasks.windows import continues

# Bytes of a window before and after the part whose spans count, and the largest share of it.
_CONTEXT = 64
_SHARE = 5
_BLANK = b" \t"
# The label of what looks like a placeholder in the text itself.
LITERAL = "LITERAL"


class Finder:
    """The checked spans of texts, by a model of spans.

    literal: what counts as a span of LITERAL, whatever the model says.
    EdgetextError for a model that gives no spans of one text.
    """

    def __init__(self, predictor: Predictor, literal: re.Pattern[bytes] | None = None) -> None:
        metadata = predictor.metadata
        if not metadata.slots or len(predictor.task.inputs) > 1:
            raise EdgetextError(
                f"{predictor.path}: its task {metadata.task} finds no labeled spans in a text; "
                "give a model of task tag or joint, as the recipe pii_redact makes"
            )
        self.predictor = predictor
        self.labels = metadata.slots
        self.literal = literal
        self.window = metadata.max_bytes
        self.context = min(_CONTEXT, self.window // _SHARE)

    def spans(self, data: bytes) -> list[Span]:
        """Give the spans of a whole text, in its order."""
        if len(data) <= self.window:
            return self._answered(data)
        whole = []
        at = 0
        for part, spans in self.parts([data]):
            whole += [Span(s.label, at + s.start, at + s.end, data) for s in spans]
            at += len(part)
        return whole

    def parts(self, chunks: Iterable[bytes]) -> Iterator[tuple[bytes, list[Span]]]:
        """Yield a text, given in chunks, in parts, each with its spans; the parts are the text.

        Windows overlap: of each, the spans count that begin in its middle. One that reaches a
        window's end is left to the next, which sees it whole. What is held is a window and a chunk.
        """
        held, done = b"", 0
        for chunk, is_last in _with_last(chunks):
            held += chunk
            while done < len(held):
                start = _word_from(held, max(0, done - self.context), done)
                if len(held) < start + self.window and not is_last:
                    break
                is_end = is_last and len(held) <= start + self.window
                end = len(held) if is_end else self._end(held, start, done)
                spans, until = self._settled(held[start:end], done - start, is_end)
                until += start
                yield held[done:until], [_moved(span, start - done) for span in spans]
                done = until
            keep = max(0, done - self.window)
            held, done = held[keep:], done - keep

    def _end(self, held: bytes, start: int, done: int) -> int:
        """Where a window ends: at a word, unless that would halve it."""
        return _word_until(held, max(done, start + self.window // 2), start + self.window)

    def _settled(self, data: bytes, done: int, is_end: bool) -> tuple[list[Span], int]:
        """The spans of a window that count, and where its part ends.

        done: where the part begins; is_end: whether the text ends with the window.
        """
        until = len(data)
        if not is_end:
            until = _word_until(data, done, max(done + 1, len(data) - self.context))
        spans: list[Span] = []
        for span in self._answered(data):
            start = max(span.start, done)
            if span.end <= done:
                continue
            if start >= until and not is_end:
                break
            if span.end == len(data) and start > done and not is_end:
                return spans, start
            spans.append(Span(span.label, start, span.end, data))
            until = max(until, span.end)
        return spans, until

    def _answered(self, data: bytes) -> list[Span]:
        if not data.strip():
            return []
        spans = checked(self.predictor.predict(data, whole=True).spans, data, self.labels)
        if self.literal is None:
            return spans
        literals = [Span(LITERAL, *m.span(), data) for m in self.literal.finditer(data)]
        apart = [s for s in spans if all(s.end <= x.start or x.end <= s.start for x in literals)]
        return sorted([*literals, *apart], key=lambda span: span.start)


def _moved(span: Span, by: int) -> Span:
    return Span(span.label, span.start + by, span.end + by)


def _word_from(data: bytes, low: int, high: int) -> int:
    """The first place from `low` on where a word or else a character begins, at most `high`."""
    if low == 0:
        return 0
    for at in range(low, high):
        if data[at - 1] in _BLANK:
            return at
    return _character(data, low, high)


def _word_until(data: bytes, low: int, high: int) -> int:
    """The last place up to `high`, after `low`, where a word or else a character begins."""
    for at in range(high, low, -1):
        if data[at - 1] in _BLANK:
            return at
    for at in range(high, max(low, high - 4), -1):
        if at == len(data) or not continues(data[at]):
            return at
    return high


def _character(data: bytes, low: int, high: int) -> int:
    return next((at for at in range(low, min(low + 4, high)) if not continues(data[at])), low)


def _with_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk, and whether it is the last."""
    held: bytes | None = None
    for chunk in chunks:
        if held is not None:
            yield held, False
        held = chunk
    if held is not None:
        yield held, True
