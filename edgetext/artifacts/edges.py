"""Texts at the edges of what a model reads, for an artifact to prove itself on: without a word,
without anything to find, and longer than it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from edgetext.tasks.task import Task

Texts = tuple[str, ...]
# Texts of words in which models of most kinds find nothing, the likeliest first.
PLAIN = ("ok", "hello", "yes", "thank you", "no", "good", "?", "...")


def without_words(task: Task[Any], texts: Sequence[Texts]) -> Iterator[Texts]:
    """Yield texts without a word: where a task reads two, both, and the second alone.

    texts: some that the model was made for.
    """
    yield ("",) * len(task.inputs)
    if len(task.inputs) > 1 and texts:
        yield texts[0][0], ""


def without_findings(task: Task[Any], texts: Sequence[Texts]) -> Iterator[Texts]:
    """Yield texts in which a model may find nothing, the first words of `texts` last."""
    rest = texts[0][1:] if texts else ("",) * (len(task.inputs) - 1)
    words = (text[0].split()[0] for text in texts if text[0].split())
    for plain in dict.fromkeys((*PLAIN, *words)):
        yield plain, *rest


def too_long(task: Task[Any], texts: Sequence[Texts], max_bytes: int) -> Iterator[Texts]:
    """Yield texts whose first has a byte more than the model reads, the cut inside a character.

    Between that character and the words are spaces, so that the answer is that of the words alone
    and no surer or less sure than theirs.
    """
    for first, *rest in texts:
        spaces = " " * (max_bytes - 1 - len(first.encode("utf-8")))
        if spaces:
            yield f"é{spaces}{first}" if task.keeps_end else f"{first}{spaces}é", *rest
