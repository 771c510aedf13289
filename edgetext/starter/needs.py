"""What the data of several tasks must have, for `edgetext init`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example


def need_texts(task: str, paired: bool, examples: Sequence[Example], path: Path) -> None:
    """Raise EdgetextError where there is no example, or where it has one text in place of two."""
    if not examples:
        raise EdgetextError(f"{path}: there are no examples; give a file that has some")
    first = examples[0]
    if (first.text_b is not None) is not paired:
        number, other = ("one", "two") if paired else ("two", "one")
        raise EdgetextError(
            f"{first.source}: the example has {number} text{'s' * (number == 'two')}, and task "
            f"{task} reads {other}; give other data"
        )


def need_intents(examples: Sequence[Example], path: Path) -> None:
    """Raise EdgetextError where a text has no intent, or all have the same.

    Where there are spans, they could be learnt alone, and the message says so.
    """
    spans = "`edgetext init tag` learns the spans alone"
    has_spans = any(e.spans for e in examples)
    bare = next((e for e in examples if e.intent is None), None)
    if bare is not None and bare.intents is not None:
        raise EdgetextError(
            f"{bare.source}: the text has {len(bare.intents)} labels, and this task learns one; "
            "`edgetext init classify` writes a recipe for several"
        )
    if bare is not None:
        raise EdgetextError(
            f"{bare.source}: the text has no intent, which this task learns; add one to each text"
            + f" ({spans})" * has_spans
        )
    if len({e.intent for e in examples}) < 2:
        raise EdgetextError(
            f"{path}: every text has the intent {examples[0].intent!r}; a model needs two or more"
            + f"; {spans}" * has_spans
        )
