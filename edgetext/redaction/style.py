"""What stands in the place of a span: a form with its label, a keyed hash, and the map back."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.data.example import Span

LABEL = "LABEL"
HASH = "hash"
HASHED = "<LABEL>"
_DIGITS = 12  # hexadecimal ones of a hash
# What the label of a placeholder that is read back may hold, and the marks around it may not.
_OF_NAMES = re.compile(r"[\w.\-]")
_OTHERS = re.compile(r"[^\w.\-]")
_NUMBERED = "_"
_KEYED = ":"


class Style:
    """Makes placeholders: `form` with the label in the place of LABEL.

    form: as `<LABEL>`, or `hash` for `<LABEL:0123456789ab>` with an HMAC-SHA256 of label and value
    by `key`. mapped: number the placeholders, one for each value, and keep in `values` what each
    stands for. EdgetextError for a form that cannot be read back when it is to be, or without key.
    """

    def __init__(self, form: str, key: bytes | None = None, mapped: bool = False) -> None:
        self.hashed = form == HASH
        self.form = HASHED if self.hashed else form
        self.mapped = mapped
        self.values: dict[str, str] = {}
        self._known: dict[tuple[str, bytes], str] = {}
        self._counts: dict[str, int] = {}
        self._key = key
        if self.hashed and not key:
            raise EdgetextError("the key of the hashes is empty; give a file with one that is not")
        if "\n" in form or not form:
            raise EdgetextError(f"--with {form!r}: give one line, as <LABEL>")
        if mapped:
            _parts(self.form)

    def placeholder(self, label: str, value: bytes) -> bytes:
        """Give what stands in the place of a value; the same for the same value."""
        if not self.mapped and not self.hashed:
            return self.form.replace(LABEL, label).encode()
        if not self.mapped:
            return self._hashed(label, value, _DIGITS).encode()
        text = self._known.get((label, value))
        if text is None:
            text = self._unused(_OTHERS.sub("_", label), value)
            self._known[label, value] = text
            # Bytes that are no UTF-8 come back as they were.
            self.values[text] = value.decode("utf-8", "surrogateescape")
        return text.encode()

    def replaced(self, data: bytes, spans: Iterable[Span]) -> Iterator[bytes]:
        """Yield a text in pieces, with placeholders in the place of its spans, in their order."""
        at = 0
        for span in spans:
            yield data[at : span.start]
            yield self.placeholder(span.label, data[span.start : span.end])
            at = span.end
        yield data[at:]

    def as_json(self) -> str:
        """Write the map as JSON: the form, and the value of each placeholder."""
        return json.dumps({"with": self.form, "values": self.values}, indent=1) + "\n"

    def literal(self) -> re.Pattern[bytes] | None:
        """Give what looks like a placeholder; None where none will be read back."""
        return literals(self.form) if self.mapped else None

    def _unused(self, label: str, value: bytes) -> str:
        if not self.hashed:
            self._counts[label] = number = self._counts.get(label, 0) + 1
            return self.form.replace(LABEL, f"{label}{_NUMBERED}{number}")
        digits = _DIGITS
        while (text := self._hashed(label, value, digits)) in self.values:
            digits += 1
        return text

    def _hashed(self, label: str, value: bytes, digits: int) -> str:
        digest = hmac.new(self._key or b"", label.encode() + b"\0" + value, "sha256").hexdigest()
        return self.form.replace(LABEL, f"{label}{_KEYED}{digest[:digits]}")


def literals(form: str) -> re.Pattern[bytes]:
    """Give what matches every placeholder that a form can make."""
    before, after = (re.escape(part.encode()) for part in _parts(form))
    ending = rf"(?:{_NUMBERED}\d+|{_KEYED}[0-9a-f]{{{_DIGITS},64}})".encode()
    return re.compile(before + rb"[\w.\-\x80-\xff]{1,200}?" + ending + after)


def read_map(path: Path) -> tuple[re.Pattern[bytes], Mapping[bytes, bytes]]:
    """Read a map that `as_json` wrote: what matches placeholders, and the value of each.

    EdgetextError for a file that is none.
    """
    try:
        content = json.loads(read_bytes(path))
        form, values = content["with"], content["values"]
        known = {
            placeholder.encode(): value.encode("utf-8", "surrogateescape")
            for placeholder, value in values.items()
        }
        return literals(form), known
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EdgetextError(
            f"{path}: this is no map of placeholders; give the file that --map wrote"
        ) from error


def _parts(form: str) -> tuple[str, str]:
    """What stands before and after LABEL; both end words, so that a placeholder ends there."""
    before, label, after = form.partition(LABEL)
    if not label or LABEL in after or not before or not after:
        raise EdgetextError(f"--with {form!r}: a map needs LABEL once, between marks, as <LABEL>")
    if _OF_NAMES.match(before[-1]) or _OF_NAMES.match(after[0]):
        raise EdgetextError(f"--with {form!r}: a map needs marks around LABEL, as <LABEL>")
    return before, after
