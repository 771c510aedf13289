"""What is in a data set and what is wrong with it: counts, balance, duplicates, conflicts.

`check_labels` and `check_texts` have what may be wrong with labels and texts by themselves.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.check_labels import (
    find_few,
    find_first_line,
    find_many_labels,
    find_odd_labels,
)
from edgetext.data.check_repeats import find_repeats
from edgetext.data.check_texts import OddTexts
from edgetext.data.example import Example, LeftOut
from edgetext.data.findings import Findings
from edgetext.data.reader import Item
from edgetext.data.remarks import Remarks
from edgetext.data.source import Source
from edgetext.data.tally import SplitReport, Tally


@dataclass(slots=True)
class Report:
    """A whole data set.

    `leaks`: texts of one split that another has too; `remarks`: what reading left out or mended;
    `few`: labels with few texts to train on; `odd_labels`: that are no names; `odd_texts`: that
    hold what parts lines or cells; `first_line`, `many_labels`, `lines`, `unused`: what tells of a
    file that was taken for another; `cut_words`: None where there are no spans.
    """

    splits: list[SplitReport]
    unreadable: Findings = field(default_factory=Findings)
    remarks: Findings = field(default_factory=Findings)
    leaks: Findings = field(default_factory=Findings)
    conflicts: Findings = field(default_factory=Findings)
    unseen_labels: Findings = field(default_factory=Findings)
    few: Findings = field(default_factory=Findings)
    odd_labels: Findings = field(default_factory=Findings)
    many_labels: Findings = field(default_factory=Findings)
    first_line: Findings = field(default_factory=Findings)
    odd_texts: Findings = field(default_factory=Findings)
    lines: Findings = field(default_factory=Findings)
    unused: Findings = field(default_factory=Findings)
    cut_words: Findings | None = None
    offsets: Findings = field(default_factory=Findings)


def check(
    sources: Sequence[Source], each: Callable[[Example], None] = lambda example: None
) -> Report:
    """Read every split to its end, a file that is divided once for all, and report.

    each: called with every example, for checks of other layers. Texts count as equal when they
    differ in case and spaces alone. Examples are counted and hashed, not kept: those that a finding
    quotes are read again.
    """
    report = Report([])
    tallies: list[Tally] = []
    shown: set[str] = set()  # files whose form was told
    texts = OddTexts(report.odd_texts)
    numbers = itertools.count()
    for group in _by_file(sources):
        read = [Tally(source.split, columns="header" in source.reader.options) for source in group]
        for tally, example in _read(group, read, report):
            tally.add(example, next(numbers))
            texts.add(example)
            each(example)
        for source, tally in zip(group, read, strict=True):
            tally.finish(source.name)
            report.splits.append(tally.report)
        first = group[0]
        if first.path is not None and first.name not in shown:
            _find_form(first, first.path, read[0].report, report)
            shown.add(first.name)
        tallies += read
    texts.finish()
    find_repeats(tallies, partial(_read_again, sources), report.leaks, report.conflicts)
    _find_unseen(tallies, report.unseen_labels)
    find_few(tallies, report.few)
    find_odd_labels(tallies, report.odd_labels)
    find_many_labels(tallies, report.many_labels)
    find_first_line(tallies, report.first_line)
    return report


def _find_form(source: Source, path: Path, part: SplitReport, report: Report) -> None:
    """What the reader takes for what; lines that are no examples; columns that nothing reads."""
    try:
        taken = source.reader.taken(path)
    except EdgetextError:
        return  # the reading has said it
    part.taken = [f"read as {source.type}", *taken.lines]
    if taken.unused:
        report.unused.add(f"{path}: {', '.join(taken.unused)}")
    if taken.rows is not None and source.division is None:
        examples = part.examples + part.unreadable + part.left_out
        if taken.rows != examples:
            report.lines.add(f"{path}: {taken.rows:,} lines, and {examples:,} texts")


def _by_file(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """The sources, those that follow one another and divide one file together."""
    group: list[Source] = []
    for source in sources:
        if group and not _divide_one_file(group[-1], source):
            yield group
            group = []
        group.append(source)
    if group:
        yield group


def _divide_one_file(one: Source, other: Source) -> bool:
    return one.division is not None and (one.division, one.path) == (other.division, other.path)


def _split(group: Sequence[Source]) -> Iterator[tuple[int, Item]]:
    """Each item of a file once, with the place of the source that has it."""
    if len(group) == 1:
        yield from ((0, item) for item in group[0].scan())
        return
    for item in replace(group[0], division=None).scan():
        place = next((at for at, source in enumerate(group) if source.takes(item)), None)
        if place is not None:
            yield place, item


def _read(
    group: Sequence[Source], tallies: Sequence[Tally], report: Report
) -> Iterator[tuple[Tally, Example]]:
    """The examples of one file; what else it holds is counted."""
    remarks = Remarks()
    items = _split(group)
    while True:
        try:
            place, item = next(items)
        except StopIteration:
            break
        except EdgetextError as error:  # nothing can be read after it
            if not any(tally.read_any for tally in tallies):
                raise
            place, item = 0, error
        part = tallies[place].report
        if isinstance(item, Example):
            remarks.of_example(item)
            yield tallies[place], item
        elif isinstance(item, LeftOut):
            part.left_out += 1
            remarks.add(item.reason, item.source)
        else:
            part.unreadable += 1
            report.unreadable.add(str(item))
    for line in remarks.lines():
        report.remarks.add(line)


def _read_again(sources: Sequence[Source], numbers: Collection[int]) -> dict[int, Example]:
    """Some examples by their numbers, which count all from 0 in the order of reading."""
    chosen = {}

    def examples() -> Iterator[Example]:
        for group in _by_file(sources):
            # What cannot be read to its end has been said.
            with contextlib.suppress(EdgetextError):
                yield from (item for _, item in _split(group) if isinstance(item, Example))

    for number, example in zip(range(max(numbers, default=-1) + 1), examples(), strict=False):
        if number in numbers:
            chosen[number] = example
    return chosen


def _find_unseen(tallies: Sequence[Tally], unseen: Findings) -> None:
    train = [tally for tally in tallies if tally.report.split == "train"]
    known = {label for tally in train for label in tally.first}
    shown: set[tuple[str, tuple[str, str]]] = set()
    for tally in tallies if train else ():
        split = tally.report.split
        for label, source in tally.first.items():
            if label not in known and (split, label) not in shown:
                shown.add((split, label))
                unseen.add(f"{source}: the {label[0]} {label[1]!r} of {split} is not in train")
