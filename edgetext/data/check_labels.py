"""What may be wrong with the labels of a data set by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from edgetext.data.findings import Findings, quoted
from edgetext.data.no_label import NO_LABEL

if TYPE_CHECKING:
    from edgetext.data.tally import Tally

# Training on fewer texts of a label learns them by heart.
FEW = 5
# A label a text is no label; of fewer texts that is chance.
_ENOUGH = 8


def find_few(tallies: Sequence[Tally], few: Findings) -> None:
    """Find labels with fewer than FEW training texts."""
    counts: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        if tally.report.split == "train":
            counts.update(tally.labels)
    for (kind, name), count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if count < FEW:
            few.add(f"the {kind} {name!r} has {count}")


def find_odd_labels(tallies: Sequence[Tally], odd: Findings) -> None:
    """Find labels that say that there is none, that are punctuation, or that are numbers."""
    first: dict[tuple[str, str], str] = {}
    for tally in tallies:
        first = tally.first | first
    numbers = []
    for (kind, name), source in sorted(first.items()):
        if name.strip().lower() in NO_LABEL:
            odd.add(f"{source}: the {kind} {name!r} seems to say that there is none")
        elif re.fullmatch(r"[-+]?[\d.,]+", name):
            numbers.append((kind, name, source))
        elif kind != "slot" and not any(character.isalnum() for character in name):
            odd.add(f"{source}: the {kind} {name!r} has no letter")
    if numbers:
        kind, name, source = numbers[0]
        odd.add(
            f"{source}: the {kind} {name!r} is a number, as {len(numbers):,} in all; "
            "answers will call it so"
        )


def find_many_labels(tallies: Sequence[Tally], many: Findings) -> None:
    """Find out whether there are half as many intents as texts, or more."""
    labels = {name for tally in tallies for kind, name in tally.labels if kind == "intent"}
    count = sum(tally.report.examples for tally in tallies)
    if count >= _ENOUGH and 2 * len(labels) >= count:
        many.add(f"{len(labels):,} intents of {count:,} texts; is another column the label?")


def find_first_line(tallies: Sequence[Tally], odd: Findings) -> None:
    """Find a text in line 1 whose intent no other text has: it may be the columns' names."""
    counts: Counter[str | None] = Counter()
    for tally in tallies:
        counts.update({name: n for (kind, name), n in tally.labels.items() if kind == "intent"})
        counts.update({None: tally.report.unlabeled})
    alone = sum(count > 0 for count in counts.values())
    if alone == sum(tally.report.examples for tally in tallies):
        return
    for example in (example for tally in tallies for example in tally.in_line_1):
        if example.intents is None and counts[example.intent] == 1:
            odd.add(
                f"{example.source}: {quoted(example)} alone is {example.intent}; if it names "
                "the columns, say it with --header"
            )
