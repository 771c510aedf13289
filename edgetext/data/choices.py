"""What a user says about a file, in place of a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of `edgetext init` and `edgetext data check`; None where nothing was said.

    type: the reader. text, label, slots: a column's name or number, or a field. header: whether the
    first line names the columns. fields: of the reader's Config. files: those of splits, by split.
    """

    type: str | None = None
    text: str | None = None
    label: str | None = None
    slots: str | None = None
    header: bool | None = None
    delimiter: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Sequence[Path]] = field(default_factory=dict)

    def said(self, option: str, name: str | None = None) -> Any:
        """Return what an option or, by default of the same name, a field of the Config says."""
        value = getattr(self, option)
        return self.fields.get(name or option) if value is None else value

    def options(self) -> dict[str, Any]:
        """Return what was said about the file's form, by option."""
        names = ("text", "label", "slots", "header", "delimiter")
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}


NO_CHOICE = Choices()
