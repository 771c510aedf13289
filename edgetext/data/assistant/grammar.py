"""Read the grammar's two text files: sentence patterns by intent, and values by pool.

Both files are sections, `NAME: seen` or `NAME: unseen` with indented lines below. A line that
begins with `#` is a comment; `NAME = text` makes NAME stand for the text in the lines below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from importlib import resources

from edgetext.core.errors import EdgetextError

CHOICE = re.compile(r"\[([^][()|]*)\]|\(([^][()]*)\)")  # one that holds no other
REFERENCE = re.compile(r"\{(?P<slot>\w+?)(?::(?P<pool>\w+))?\}|<(?P<words>\w+)>")

Table = dict[str, list[str]]  # patterns by intent, or values by pool
_HEAD = re.compile(r"(\w+): (seen|unseen)")
_SHORT = re.compile(r"([A-Z]+) = (\S.*)")


@dataclass(frozen=True)
class Grammar:
    """What training shows, and what only the test split has."""

    seen: Table = field(default_factory=dict)
    unseen: Table = field(default_factory=dict)


def load() -> tuple[Grammar, Grammar]:
    """Read the patterns and the values that edgetext ships."""
    folder = resources.files("edgetext.data.assistant")
    values = read_values(folder.joinpath("values.txt").read_text("utf-8"), "values.txt")
    patterns = folder.joinpath("patterns.txt").read_text("utf-8")
    return read_patterns(patterns, "patterns.txt", values.seen), values


def pool_of(reference: re.Match[str]) -> str:
    """Name the pool that a match of REFERENCE takes its value from."""
    return reference["pool"] or reference["slot"] or reference["words"]


def read_values(text: str, source: str) -> Grammar:
    """Read pools of values; EdgetextError with the line for an empty or a repeated value."""
    known: set[tuple[str, str]] = set()

    def values(pool: str, line: str) -> list[str]:
        choices = [value.strip() for value in line.split("|")]
        for value in choices:
            if not value:
                raise ValueError("there is no value beside a `|`; write one or remove the mark")
            if (pool, value) in known:
                raise ValueError(f"{pool} has {value} already; remove it here")
            known.add((pool, value))
        return choices

    return _read(text, source, values)


def read_patterns(text: str, source: str, pools: Collection[str]) -> Grammar:
    """Read patterns by intent; EdgetextError with the line for one that makes no sentence.

    `pools` are the names that a pattern may ask values of.
    """

    def pattern(_: str, line: str) -> list[str]:
        for match in REFERENCE.finditer(line):
            if (pool := pool_of(match)) not in pools:
                raise ValueError(f"no values are named {pool}; correct the name or add the pool")
        rest = REFERENCE.sub("", line)
        while choice := CHOICE.search(rest):
            rest = rest[: choice.start()] + rest[choice.end() :]
        if stray := re.search(r"[][(){}<>|]", rest):
            raise ValueError(f"`{stray[0]}` stands alone; close what it opens or remove it")
        return [line]

    return _read(text, source, pattern)


def _read(text: str, source: str, entries: Callable[[str, str], list[str]]) -> Grammar:
    """The sections of a file; `entries(name, line)` reads a line or says what is wrong with it."""
    grammar = Grammar()
    short: dict[str, str] = {}
    section: tuple[str, list[str]] | None = None
    number = 0
    for number, row in enumerate(text.splitlines(), start=1):
        line = row.rstrip()
        try:
            if line.lstrip()[:1] in ("", "#"):
                continue
            if match := _SHORT.fullmatch(line):
                short[match[1]] = match[2]
            elif match := _HEAD.fullmatch(line):
                section = match[1], _begin(grammar, match[1], match[2])
            elif not line[0].isspace() or section is None:
                raise ValueError(
                    f"{line.strip()!r} is in no section; write `NAME: seen` or `NAME: unseen` "
                    "above it and indent it"
                )
            else:
                for name, whole in short.items():
                    line = line.replace(name, whole)
                section[1].extend(entries(section[0], line.strip()))
        except ValueError as error:
            raise EdgetextError(f"{source}:{number}: {error}") from error
    for half, names, others in (
        ("seen", grammar.seen, grammar.unseen),
        ("unseen", grammar.unseen, grammar.seen),
    ):
        if empty := [name for name in others if not names.get(name)]:
            raise EdgetextError(f"{source}:{number}: no line of {empty[0]}: {half}; add some")
    return grammar


def _begin(grammar: Grammar, name: str, half: str) -> list[str]:
    """The list that a new section fills."""
    table = grammar.seen if half == "seen" else grammar.unseen
    if name in table:
        raise ValueError(f"there is a section {name}: {half} already; join the two")
    return table.setdefault(name, [])
