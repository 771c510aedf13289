"""Files that are one JSON document, and texts that are written in parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, LeftOut
from edgetext.data.lines import read_content
from edgetext.data.reader import Item

SpanTriple = tuple[str, int, int]  # label, first offset, offset after the last


def read_json(path: Path) -> Any:
    """Read a file that is one JSON value; EdgetextError with the line where it is none."""
    try:
        return json.loads(read_content(path))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        reason = getattr(error, "msg", "not UTF-8, or nested too deeply")
        raise EdgetextError(f"{path}:{line}: not JSON ({reason}); correct it") from error


def shaped(
    make: Callable[[Any, str], Example | LeftOut], value: Any, source: str, form: str
) -> Item:
    """Make an example of a value; an EdgetextError in its place where the value is no utterance of
    the form."""
    try:
        return make(value, source)
    except EdgetextError as error:
        return error
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        return EdgetextError(
            f"{source}: this is no text of {form} ({type(error).__name__}: {error}); correct it or "
            "leave it out"
        )


def joined(parts: Iterable[tuple[str, str | None]]) -> tuple[str, list[SpanTriple]]:
    """Join (text, label or None) parts to a text and its spans, in characters."""
    text = ""
    spans = []
    for part, label in parts:
        if label is not None and part.strip():
            spans.append((label, len(text), len(text) + len(part)))
        text += part
    return text, spans


def whole(text: str, spans: Iterable[SpanTriple]) -> tuple[str, list[SpanTriple]]:
    """Take the blanks off the ends of a text; its spans move along."""
    before = len(text) - len(text.lstrip())
    inner = text.strip()
    moved = [(label, start - before, end - before) for label, start, end in spans]
    kept = [(label, max(0, start), min(end, len(inner))) for label, start, end in moved]
    return inner, [span for span in kept if span[1] < span[2]]
