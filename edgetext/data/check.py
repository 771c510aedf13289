"""What is in a data set and what is wrong with it: counts, balance, duplicates, conflicts.

`check_labels` and `check_texts` have what may be wrong with labels and texts by themselves.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.integers import ceil_div
from edgetext.data.check_labels import (
    find_few,
    find_first_line,
    find_many_labels,
    find_odd_labels,
)
from edgetext.data.check_texts import find_odd_texts
from edgetext.data.example import Example, LeftOut, Node, Span
from edgetext.data.findings import Findings, quoted
from edgetext.data.remarks import Remarks
from edgetext.data.source import Source
from edgetext.data.split import text_key


@dataclass(slots=True)
class SplitReport:
    """One split. `bytes_p99`: 99 of 100 texts are no longer; `unlabeled`: without an intent;
    `taken`: what its reader takes for what."""

    split: str
    source: str
    examples: int = 0
    unreadable: int = 0
    left_out: int = 0
    unlabeled: int = 0
    duplicates: int = 0
    bytes_max: int = 0
    bytes_p99: int = 0
    intents: dict[str, int] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, int] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)


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


def check(sources: Iterable[Source]) -> tuple[Report, list[Example]]:
    """Read every split to its end; the report, and the examples for checks of other layers.

    Texts count as equal when they differ in case and spaces alone.
    """
    report = Report([])
    read: dict[str, list[Example]] = {}
    shown: set[str] = set()  # of a file that is divided once
    for source in sources:
        part, examples = _read(source, report)
        if source.name not in shown and source.path is not None:
            _find_form(source, source.path, part, report)
            shown.add(source.name)
        report.splits.append(part)
        read.setdefault(source.split, []).extend(examples)
    _find_leaks(read, report.leaks)
    everything = [example for examples in read.values() for example in examples]
    _find_conflicts(everything, report.conflicts)
    _find_unseen(report.splits, read, report.unseen_labels)
    find_few(read.get("train", []), report.few)
    find_odd_labels(everything, report.odd_labels)
    find_many_labels(everything, report.many_labels)
    find_first_line(everything, report.first_line)
    find_odd_texts(everything, report.odd_texts)
    return report, everything


def _find_form(source: Source, path: Path, part: SplitReport, report: Report) -> None:
    """What the reader takes for what; lines that are no examples; columns that nothing reads."""
    try:
        taken = source.reader.taken(path)
    except EdgetextError:
        return  # the reading has said it
    part.taken = [f"read as {source.type}", *taken.lines]
    if taken.unused:
        report.unused.add(f"{path}: {', '.join(taken.unused)}")
    if taken.rows is not None and source.keep is None:
        examples = part.examples + part.unreadable + part.left_out
        if taken.rows != examples:
            report.lines.add(f"{path}: {taken.rows:,} lines, and {examples:,} texts")


def _read(source: Source, whole: Report) -> tuple[SplitReport, list[Example]]:
    report = SplitReport(source.split, source.name)
    unreadable = whole.unreadable
    remarks = Remarks()
    examples: list[Example] = []
    items = source.scan()
    while True:
        try:
            item = next(items)
        except StopIteration:
            break
        except EdgetextError as error:  # nothing can be read after it
            if not examples and not report.unreadable:
                raise
            item = error
        if isinstance(item, Example):
            examples.append(item)
            remarks.of_example(item)
        elif isinstance(item, LeftOut):
            report.left_out += 1
            remarks.add(item.reason, item.source)
        else:
            report.unreadable += 1
            unreadable.add(str(item))
    for line in remarks.lines():
        whole.remarks.add(line)
    report.examples = len(examples)
    report.unlabeled = sum(e.intent is None for e in examples)
    report.duplicates = len(examples) - len({_key(e) for e in examples})
    lengths = sorted(len(text.encode("utf-8")) for e in examples for text in e.texts)
    if lengths:
        report.bytes_max = lengths[-1]
        report.bytes_p99 = lengths[ceil_div(len(lengths) * 99, 100) - 1]
    report.intents = _counted(e.intent for e in examples if e.intent is not None)
    report.slots = _counted(span.label for e in examples for span in e.spans)
    report.nodes = _counted(node.label for e in examples for node in e.nodes)
    return report, examples


def _counted(labels: Iterable[str]) -> dict[str, int]:
    """Label -> count, the most frequent first."""
    return dict(sorted(Counter(labels).items(), key=lambda item: (-item[1], item[0])))


def _find_leaks(read: dict[str, list[Example]], leaks: Findings) -> None:
    for (one, examples), (other, others) in itertools.combinations(read.items(), 2):
        known = {_key(e): e.source for e in examples}
        for example in others:
            source = known.get(_key(example))
            if source is not None:
                leaks.add(f"{example.source} ({other}): {quoted(example)} is in {one}: {source}")


def _find_conflicts(examples: Sequence[Example], conflicts: Findings) -> None:
    """Texts that stand there twice with other intents or other spans."""
    groups: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for example in examples:
        groups[_key(example)].append(example)
    for group in groups.values():
        first = group[0]
        other = next((e for e in group if _answer(e) != _answer(first)), None)
        if other is not None:
            conflicts.add(
                f"{other.source}: {quoted(other)} is {_words(other)} and in {first.source} "
                f"{_words(first)}"
            )


def _key(example: Example) -> tuple[str, ...]:
    return tuple(map(text_key, example.texts))


def _answer(example: Example) -> tuple[object, ...]:
    raw = example.texts[-1].encode("utf-8")
    return example.intent, *(
        (part.label, text_key(raw[part.start : part.end].decode("utf-8", "replace")))
        for part in _parts(example)
    )


def _parts(example: Example) -> list[Span | Node]:
    return [*example.spans, *example.nodes]


def _words(example: Example) -> str:
    slots = ", ".join(f"{part.label} {part.start}:{part.end}" for part in _parts(example))
    return " with ".join(part for part in (example.intent, slots) if part) or "without labels"


def _find_unseen(
    splits: Sequence[SplitReport], read: dict[str, list[Example]], unseen: Findings
) -> None:
    train = [part for part in splits if part.split == "train"]
    if not train:
        return
    known = {
        "intent": {label for part in train for label in part.intents},
        "slot": {label for part in train for label in part.slots},
        "node": {label for part in train for label in part.nodes},
    }
    for split, examples in read.items():
        first: dict[tuple[str, str], Example] = {}
        for example in examples:
            for label in sorted(example.labels):
                first.setdefault(label, example)
        for (kind, name), example in first.items():
            if name not in known[kind]:
                unseen.add(f"{example.source}: the {kind} {name!r} of {split} is not in train")
