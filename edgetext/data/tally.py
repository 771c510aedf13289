"""What is counted of a split while it is read, so that no example need be kept."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from edgetext.core.integers import ceil_div
from edgetext.data.example import Example, Node, Span
from edgetext.data.split import text_key


@dataclass(slots=True)
class SplitReport:
    """One split. `bytes_p99`: 99 of 100 texts are no longer; `unlabeled`: without an intent;
    `several_labels`, `no_labels`: with more than one and with none, where a text may have several;
    `taken`: what its reader takes for what."""

    split: str
    source: str
    examples: int = 0
    unreadable: int = 0
    left_out: int = 0
    unlabeled: int = 0
    several_labels: int = 0
    no_labels: int = 0
    duplicates: int = 0
    bytes_max: int = 0
    bytes_p99: int = 0
    intents: dict[str, int] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, int] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)


class Tally:
    """The counts of one source.

    keys, answers: for each example a hash of its text and one of its labels; numbers: its place
    among all that were read. lengths: in bytes, of each text. labels: how many examples have each;
    first: the "file:line" of the first. in_line_1: examples of a file's first line, where that may
    name columns.
    """

    def __init__(self, split: str, *, columns: bool = False) -> None:
        """columns: whether the reader can be told that a file's first line names its columns."""
        self.columns = columns
        self.report = SplitReport(split, "")
        self.keys = array("q")
        self.answers = array("q")
        self.numbers = array("q")
        self.lengths = array("i")
        self.labels: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], str] = {}
        self.in_line_1: list[Example] = []
        self._parts: dict[str, Counter[str]] = {"slots": Counter(), "nodes": Counter()}

    @property
    def read_any(self) -> bool:
        """Whether anything of the split was read, be it a bad line."""
        return bool(self.keys) or self.report.unreadable > 0

    def add(self, example: Example, number: int) -> None:
        """Count an example; number: its place among all."""
        self.keys.append(hash(key_of(example)))
        self.answers.append(hash(answer_of(example)))
        self.numbers.append(number)
        self.lengths.extend(len(text.encode("utf-8")) for text in example.texts)
        for label in sorted(example.labels):
            self.labels[label] += 1
            self.first.setdefault(label, example.source)
        self._parts["slots"].update(span.label for span in example.spans)
        self._parts["nodes"].update(node.label for node in example.nodes)
        self.report.unlabeled += example.text_labels is None
        if example.intents is not None:
            self.report.several_labels += len(example.intents) > 1
            self.report.no_labels += not example.intents
        if self.columns and example.source.endswith(":1"):
            self.in_line_1.append(example)

    def finish(self, source: str) -> None:
        """Fill the report; source: what it calls the file."""
        report = self.report
        report.source = source
        report.examples = len(self.keys)
        report.duplicates = len(self.keys) - len(np.unique(np.asarray(self.keys)))
        lengths = np.sort(np.array(self.lengths))
        if len(lengths):
            report.bytes_max = int(lengths[-1])
            report.bytes_p99 = int(lengths[ceil_div(len(lengths) * 99, 100) - 1])
        intents = {name: n for (kind, name), n in self.labels.items() if kind == "intent"}
        report.intents = _by_count(intents)
        report.slots = _by_count(self._parts["slots"])
        report.nodes = _by_count(self._parts["nodes"])


def key_of(example: Example) -> tuple[str, ...]:
    """Give what is equal for examples whose texts differ in case and spaces alone."""
    return tuple(map(text_key, example.texts))


def answer_of(example: Example) -> tuple[object, ...]:
    """Give what is equal for examples of equal labels at equal words."""
    raw = example.texts[-1].encode("utf-8")
    return frozenset(example.text_labels or ()), *(
        (part.label, text_key(raw[part.start : part.end].decode("utf-8", "replace")))
        for part in parts_of(example)
    )


def parts_of(example: Example) -> list[Span | Node]:
    """List the spans and nodes of an example."""
    return [*example.spans, *example.nodes]


def _by_count(labels: dict[str, int]) -> dict[str, int]:
    """Label -> count, the most frequent first."""
    return dict(sorted(labels.items(), key=lambda item: (-item[1], item[0])))
