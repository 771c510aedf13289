"""What the data of a task must have, for `edgetext init`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example

_PAIRED = ("match", "qa")


def check_needs(task: str, examples: Sequence[Example], path: Path) -> None:
    """EdgetextError when the examples of a file lack what a task learns."""
    if not examples:
        raise EdgetextError(f"{path}: there are no examples; give a file that has some")
    first = examples[0]
    if (first.text_b is not None) is not (task in _PAIRED):
        number, other = ("one", "two") if task in _PAIRED else ("two", "one")
        raise EdgetextError(
            f"{first.source}: the example has {number} text{'s' * (number == 'two')}, and task "
            f"{task} reads {other}; give other data"
        )
    _CHECKS[task](examples, path)


def _has_spans(examples: Sequence[Example], path: Path) -> None:
    if not any(e.spans for e in examples):
        raise EdgetextError(f"{path}: no text has labelled spans; give data with tags or spans")


def _has_trees(examples: Sequence[Example], path: Path) -> None:
    bare = next((e for e in examples if not e.nodes), None)
    if bare is not None:
        raise EdgetextError(f"{bare.source}: the text has no tree; give data of type top")


def _has_intents(examples: Sequence[Example], path: Path) -> None:
    bare = next((e for e in examples if e.intent is None), None)
    if bare is not None:
        raise EdgetextError(
            f"{bare.source}: the text has no intent, which this task learns; add one to each text"
        )
    if len({e.intent for e in examples}) < 2:
        raise EdgetextError(
            f"{path}: every text has the intent {examples[0].intent!r}; a model needs two or more"
        )


def _has_slots(examples: Sequence[Example], path: Path) -> None:
    _has_intents(examples, path)
    if not any(e.spans for e in examples):
        raise EdgetextError(
            f"{path}: no text has slots; give data with slots, or use task classify"
        )


def _has_pair_labels(examples: Sequence[Example], path: Path) -> None:
    _has_intents(examples, path)
    counts = Counter(e.intent for e in examples)
    if len(counts) > len(examples) / 2:
        raise EdgetextError(
            f"{path}: {len(counts):,} labels for {len(examples):,} pairs, as {examples[0].intent!r}"
            "; match chooses among a few, so give the column of the label, or round scores to some"
        )


def _has_answers(examples: Sequence[Example], path: Path) -> None:
    if not any(e.references for e in examples):
        raise EdgetextError(f"{path}: no question has an answer; give data with some")


def _has_summaries(examples: Sequence[Example], path: Path) -> None:
    bare = next((e for e in examples if not e.references), None)
    if bare is not None:
        raise EdgetextError(f"{bare.source}: the text has no summary; give data of type summaries")


_CHECKS: Mapping[str, Callable[[Sequence[Example], Path], None]] = {
    "classify": _has_intents,
    "joint": _has_slots,
    "tag": _has_spans,
    "parse": _has_trees,
    "match": _has_pair_labels,
    "qa": _has_answers,
    "summarize": _has_summaries,
    "lm": lambda examples, path: None,
}
