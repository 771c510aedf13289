"""What every reader shares: its contract, what happens at a bad line, checked examples.

A reader is a class registered as `reader` that inherits from `BaseReader`: from `Reader` where it
reads files, from `LineReader` where each line is an example. It has a nested `Config` and is built
`Reader(config)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Literal, ParamSpec

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, LeftOut, Span
from edgetext.data.lines import read_lines
from edgetext.data.offsets import Offsets, byte_offsets, length_in
from edgetext.data.remarks import Remarks
from edgetext.data.taken import Taken
from edgetext.registry import lookup

_log = logger(__name__)
P = ParamSpec("P")
Item = Example | LeftOut | EdgetextError
TRIMMED = "spans had blanks at their ends, which were taken off"
BLANK = "spans of blanks alone were left out"


class ReaderConfig(BaseModel):
    """Fields of every reader of files."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    on_error: Literal["stop", "skip"] = Field(
        "stop", description="at a line that cannot be read: stop, or skip it and count"
    )


class BaseReader:
    """What gives the examples of a split; a reader overrides `read`.

    needs_files: whether `read` takes a path. one_file: whether one file holds all the splits, which
    may depend on the Config. options: what `edgetext init` calls what some fields of the Config say
    (text, label, slots, header, delimiter), and those fields.
    """

    needs_files: ClassVar[bool] = True
    options: ClassVar[Mapping[str, str]] = {}
    one_file: bool = False
    Config: ClassVar[type[BaseModel]]

    def read(self, path: Path | None, split: str) -> Iterator[Example]:
        """Give the examples of a split ("train", "valid" or "test").

        Raises EdgetextError for what cannot be read.
        """
        raise NotImplementedError

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        """Give each example or what is wrong with its line, for `edgetext data check`.

        Without a form of its own it reads until the first error, which it raises.
        """
        yield from self.read(path, split)

    def splits_in(self, path: Path) -> Sequence[str]:
        """Name the splits that a file holds; none where it is one, of whatever name."""
        return ("train", "valid", "test") if self.one_file else ()

    def taken(self, path: Path) -> Taken:
        """Tell what the reader takes for what in a file, for `init` and `data check`."""
        return Taken()

    def with_offsets(self, unit: Offsets) -> BaseReader | None:
        """Make the same reader for offsets of another unit; None where it reads none."""
        return None

    def split_key(self, example: Example) -> str:
        """Give what decides the split of an example of a file that is divided into several."""
        return example.text


class Reader(BaseReader):
    """A reader of files; a format overrides `scan`."""

    Config: ClassVar[type[BaseModel]] = ReaderConfig

    def __init__(self, config: ReaderConfig) -> None:
        self.on_error = config.on_error
        self.said: set[str] = set()  # a file that is divided is read for each split

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        """Give each example, what a line leaves out, or what is wrong with it.

        Raises EdgetextError for a file that cannot be read at all.
        """
        raise NotImplementedError

    def read(self, path: Path | None, split: str) -> Iterator[Example]:
        """The examples of a split ("train", "valid" or "test").

        A bad line raises EdgetextError, or is left out and counted in a warning at the end
        (`on_error: skip`). What the file itself says to leave out, and what reading mended, is
        counted in a warning, too.
        """
        if path is None:
            raise EdgetextError(f"the {split} split needs a file; name one in data.{split}")
        problems, first = 0, None
        remarks = Remarks()
        for item in self.scan(path, split):
            if isinstance(item, Example):
                remarks.of_example(item)
                yield item
            elif isinstance(item, LeftOut):
                remarks.add(item.reason, item.source)
            elif self.on_error == "stop":
                raise item
            else:
                problems, first = problems + 1, first or item
        if problems:
            count = "1 line" if problems == 1 else f"{problems} lines"
            line = f"{count} skipped; the first: {first}"
            if f"{path}: {line}" not in self.said:
                self.said.add(f"{path}: {line}")
                _log.warning("%s: %s", path, line)
        for line in remarks.lines():
            if f"{path}: {line}" not in self.said:
                self.said.add(f"{path}: {line}")
                _log.warning("%s: %s", path, line)


class LineReader(Reader):
    """A reader of files with an example a line; blank lines are left out, a format overrides
    `example`."""

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        for number, row in read_lines(path):
            if row.strip():
                yield attempt(self.example, row, f"{path}:{number}")

    def example(self, row: bytes, source: str) -> Example | LeftOut:
        """What a line says; EdgetextError, which begins with `source`, for a bad one."""
        raise NotImplementedError


def build_reader(type_: str, fields: Mapping[str, Any]) -> BaseReader:
    """Build the reader of a name.

    Raises EdgetextError for an unknown name and for a class that is no reader, and pydantic's
    ValidationError for fields that its Config refuses.
    """
    component: Any = lookup("reader", type_)
    if not issubclass(component, BaseReader):
        raise EdgetextError(
            f"data type {type_}: the class {component.__name__} is not a reader; let it inherit "
            "from Reader of edgetext.data.reader"
        )
    reader: BaseReader = component(component.Config(**fields))
    return reader


def attempt(make: Callable[P, Example | LeftOut], *args: P.args, **kwargs: P.kwargs) -> Item:
    """What `make` returns or, in place of raising, its EdgetextError."""
    try:
        return make(*args, **kwargs)
    except EdgetextError as error:
        return error


def make_example(
    text: str,
    intent: str | None,
    spans: Iterable[tuple[str, int, int]],
    source: str,
    offsets: Offsets = "characters",
) -> Example:
    """A checked example; EdgetextError with `source` for what is not one.

    spans: (label, start, end), end exclusive, in the unit `offsets`, by default characters (Unicode
    code points). Blanks at their ends are taken off and spans of
    blanks alone left out, with a remark.
    """
    if not text.strip():
        raise EdgetextError(f"{source}: the text is empty; write one or remove the line")
    if intent is not None and not intent.strip():
        raise EdgetextError(f"{source}: the label is empty; write one or remove the line")
    try:
        at = byte_offsets(text, offsets)
    except UnicodeEncodeError as error:
        raise EdgetextError(
            f"{source}: character {error.start + 1} is half of a surrogate pair, which is no "
            "text; write the whole character"
        ) from error
    raw = text.encode("utf-8")
    checked = []
    remarks: list[str] = []
    for label, start, end in spans:
        _check_span(text, label, start, end, at, source, offsets)
        span = _trimmed(Span(label, at[start], at[end]), raw)
        if span.start == span.end:
            remarks.append(BLANK)
            continue
        if span.end - span.start < at[end] - at[start]:
            remarks.append(TRIMMED)
        checked.append(span)
    checked.sort(key=lambda span: span.start)
    for one, other in pairwise(checked):
        if other.start < one.end:
            raise EdgetextError(
                f"{source}: the spans {one.label} and {other.label} overlap; keep one of them"
            )
    return Example(text, intent, tuple(checked), source, remarks=tuple(remarks))


def _trimmed(span: Span, raw: bytes) -> Span:
    """The span without the blanks at its ends; an empty one where it has nothing else."""
    words = raw[span.start : span.end].decode("utf-8")
    start = span.start + len(words.encode("utf-8")) - len(words.lstrip().encode("utf-8"))
    return Span(span.label, start, start + len(words.strip().encode("utf-8")))


def make_pair(text: str, text_b: str, intent: str | None, source: str) -> Example:
    """A checked example of two texts; EdgetextError with `source` for what is not one."""
    example = make_example(text, intent, (), source)
    try:
        make_example(text_b, None, (), source)
    except EdgetextError as error:
        raise EdgetextError(str(error).replace(": ", ": in the second text, ", 1)) from error
    return replace(example, text_b=text_b)


def _check_span(
    text: str,
    label: str,
    start: int,
    end: int,
    at: list[int] | dict[int, int],
    source: str,
    offsets: Offsets,
) -> None:
    where = f"{source}: the span {start}:{end} ({label})"
    length = length_in(text, offsets)
    if not label.strip():
        raise EdgetextError(f"{source}: the span {start}:{end} has no label; give it one")
    if start >= end:
        raise EdgetextError(f"{where} is empty; its end must be larger than its start")
    if start < 0 or end > length:
        raise EdgetextError(
            f"{where} goes beyond the text, which has {length} {offsets}; correct the offsets"
        )
    if isinstance(at, dict) and (start not in at or end not in at):
        raise EdgetextError(
            f"{where} cuts a character in two; correct it, or set `offsets: characters`"
        )
