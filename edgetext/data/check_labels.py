"""What may be wrong with the labels of a data set by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from edgetext.data.example import Example
from edgetext.data.findings import Findings, quoted
from edgetext.data.no_label import NO_LABEL

# Training on fewer texts of a label learns them by heart.
FEW = 5
# A label a text is no label; of fewer texts that is chance.
_ENOUGH = 8


def find_few(train: Sequence[Example], few: Findings) -> None:
    """Find labels with fewer than FEW training texts."""
    counts = Counter(label for example in train for label in example.labels)
    for (kind, name), count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if count < FEW:
            few.add(f"the {kind} {name!r} has {count}")


def find_odd_labels(examples: Sequence[Example], odd: Findings) -> None:
    """Find labels that say that there is none, that are punctuation, or that are numbers."""
    first: dict[tuple[str, str], Example] = {}
    for example in examples:
        for label in example.labels:
            first.setdefault(label, example)
    numbers = []
    for (kind, name), example in sorted(first.items()):
        if name.strip().lower() in NO_LABEL:
            odd.add(f"{example.source}: the {kind} {name!r} seems to say that there is none")
        elif re.fullmatch(r"[-+]?[\d.,]+", name):
            numbers.append((kind, name, example))
        elif kind != "slot" and not any(character.isalnum() for character in name):
            odd.add(f"{example.source}: the {kind} {name!r} has no letter")
    if numbers:
        kind, name, example = numbers[0]
        odd.add(
            f"{example.source}: the {kind} {name!r} is a number, as {len(numbers):,} in all; "
            "answers will call it so"
        )


def find_many_labels(examples: Sequence[Example], many: Findings) -> None:
    """Find out whether there are half as many intents as texts, or more."""
    labels = {example.intent for example in examples if example.intent is not None}
    if len(examples) >= _ENOUGH and 2 * len(labels) >= len(examples):
        many.add(
            f"{len(labels):,} intents of {len(examples):,} texts; is another column the label?"
        )


def find_first_line(examples: Sequence[Example], odd: Findings) -> None:
    """Find a text in line 1 whose intent no other text has: it may be the columns' names."""
    counts = Counter(example.intent for example in examples)
    if len(counts) == len(examples):
        return
    for example in examples:
        if example.source.endswith(":1") and counts[example.intent] == 1:
            odd.add(
                f"{example.source}: {quoted(example)} alone is {example.intent}; if it names "
                "the columns, say it with --header"
            )
