"""Spans in texts of any length: a model reads so many bytes, and nothing may be lost at a cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Span
from edgetext.predictor import Predictor
from edgetext.redaction.checks import checked
from edgetext.tasks.prediction import Prediction
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

    def spans(self, data: bytes) -> list[Span]:
        """Give the spans of a whole text, in its order."""
        return self._answer(data) if len(data) <= self.window else self.spans_of([data])[0]

    def spans_of(self, texts: Sequence[bytes]) -> list[list[Span]]:
        """Give the spans of several whole texts, of each as `spans` does.

        Windows of all of them are answered together, for which a batch file takes a third of the
        time where texts are short.
        """
        if len(texts) == 1 and len(texts[0]) <= self.window:
            # What several windows need would cost as much as the checks.
            return [self._answer(texts[0])]
        by_text: list[list[Span]] = [[] for _ in texts]
        longer = {
            n: Cutter([text], self.window)
            for n, text in enumerate(texts)
            if len(text) > self.window
        }
        asked = [(n, text) for n, text in enumerate(texts) if n not in longer]
        places = dict.fromkeys(longer, 0)
        left = dict(longer)
        while asked or left:
            for n, cutter in list(left.items()):
                window = cutter.window()
                if window is None:
                    del left[n]
                else:
                    asked.append((n, window))
            answers = self._answered([window for _, window in asked])
            for (n, _), spans in zip(asked, answers, strict=True):
                if n not in longer:
                    by_text[n] = spans
                    continue
                part, own = longer[n].settle(spans)
                by_text[n] += [_moved(span, places[n], texts[n]) for span in own]
                places[n] += len(part)
            asked = []
        return by_text

    def parts(self, chunks: Iterable[bytes]) -> Iterator[tuple[bytes, list[Span]]]:
        """Yield a text, given in chunks, in parts, each with its spans; the parts are the text.

        What is held is a window and a chunk.
        """
        cutter = Cutter(chunks, self.window)
        while (window := cutter.window()) is not None:
            yield cutter.settle(self._answered([window])[0])

    def _answered(self, windows: Sequence[bytes]) -> list[list[Span]]:
        """The checked spans of each window."""
        if len(windows) == 1:
            return [self._answer(windows[0])]
        by_window: list[list[Span]] = [[] for _ in windows]
        asked = [n for n, data in enumerate(windows) if data.strip()]
        answers = self.predictor.predict_many([windows[n] for n in asked])
        for n, answer in zip(asked, answers, strict=True):
            by_window[n] = self._checked(answer, windows[n])
        return by_window

    def _answer(self, window: bytes) -> list[Span]:
        """The checked spans of a window, which a blank one has not."""
        if not window.strip():
            return []
        return self._checked(self.predictor.predict(window), window)

    def _checked(self, answer: Prediction, window: bytes) -> list[Span]:
        if answer.truncated:
            # It has more pieces than the model reads in one run.
            answer = self.predictor.predict(window, whole=True)
        spans = checked(answer.spans, window, self.labels)
        return spans if self.literal is None else _beside(spans, window, self.literal)


class Cutter:
    """Cuts a text, given in chunks, into windows of at most `size` bytes.

    Windows overlap: of each, the spans count that begin in its middle. One that reaches a window's
    end is left to the next, which sees it whole. `window` and `settle` take turns.
    """

    def __init__(self, chunks: Iterable[bytes], size: int) -> None:
        self._chunks = _with_last(chunks)
        self._size = size
        self._context = min(_CONTEXT, size // _SHARE)
        self._held, self._done, self._is_last = b"", 0, False
        # Where the window that is out begins and ends.
        self._start = self._end = 0

    def window(self) -> bytes | None:
        """Give the next window, None after the last."""
        while True:
            held, done = self._held, self._done
            if done < len(held):
                start = _word_from(held, max(0, done - self._context), done)
                if self._is_last or len(held) >= start + self._size:
                    self._start, self._end = start, self._cut(start)
                    return held[start : self._end]
            if self._is_last:
                return None
            keep = max(0, done - self._size)
            chunk, self._is_last = next(self._chunks, (b"", True))
            self._held, self._done = held[keep:] + chunk, done - keep

    def settle(self, answer: Sequence[Span]) -> tuple[bytes, list[Span]]:
        """Give what the spans of the last window settle: the next part of the text, its spans."""
        held, start, done = self._held, self._start, self._done
        spans, until = self._settled(answer, held[start : self._end], done - start)
        self._done = start + until
        return held[done : self._done], [_moved(span, start - done) for span in spans]

    @property
    def _is_end(self) -> bool:
        """Whether the text ends with the window that is out."""
        return self._is_last and self._end == len(self._held)

    def _cut(self, start: int) -> int:
        """Where a window ends: at a word, unless that would halve it."""
        size = self._size
        if self._is_last and len(self._held) <= start + size:
            return len(self._held)
        return _word_until(self._held, max(self._done, start + size // 2), start + size)

    def _settled(self, answer: Sequence[Span], data: bytes, done: int) -> tuple[list[Span], int]:
        """The spans of a window that count, and where its part ends.

        answer: all spans of the window `data`; done: where the part begins.
        """
        is_end = self._is_end
        until = len(data)
        if not is_end:
            until = _word_until(data, done, max(done + 1, len(data) - self._context))
        spans: list[Span] = []
        for span in answer:
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


def _beside(spans: Sequence[Span], data: bytes, literal: re.Pattern[bytes]) -> list[Span]:
    """The literals of a text, and the spans that overlap none."""
    literals = [Span(LITERAL, *m.span(), data) for m in literal.finditer(data)]
    apart = [s for s in spans if all(s.end <= x.start or x.end <= s.start for x in literals)]
    return sorted([*literals, *apart], key=lambda span: span.start)


def _moved(span: Span, by: int, text: bytes | None = None) -> Span:
    return Span(span.label, span.start + by, span.end + by, text)


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
