"""What of an answer is explained, and how much of it another answer still says.

An explanation asks a model about a text without some of its words. It needs one number an answer,
which a task gives here from answers, and a learner from a network's scores (tasks.explained).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NoReturn, Protocol

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.tasks.answering import A, Names

# What a goal is.
LABEL, RANGE, NEXT = "label", "range", "next"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user wants explained. label: a label's name; span: the number of a span, node or
    sentence of the answer, from 1; part: a task of a model of several. None: the task chooses."""

    label: str | None = None
    span: int | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What is explained.

    kind: LABEL of the text, RANGE (a labeled piece of the text, a node or a sentence) or NEXT (what
    follows it). label: its name, "" where there is none. words: what it is, for people. start, end:
    bytes of a range in the last text; of NEXT `start` is where it begins. number: of a sentence
    among all, or of a piece. chain: all labels of a node's place, outermost first; is_whole:
    whether that is the whole text. part: whose it is among several tasks.
    """

    kind: str
    label: str
    words: str
    start: int = 0
    end: int = 0
    number: int = 0
    chain: tuple[str, ...] = ()
    is_whole: bool = False
    part: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give JSON values."""
        row: dict[str, Any] = {"kind": self.kind, "label": self.label, "words": self.words}
        if self.kind == RANGE:
            row |= {"start": self.start, "end": self.end}
        return {**row, "part": self.part} if self.part else row


class Labeled(Protocol):
    """A labeled piece of a text: a Span or a Node."""

    @property
    def label(self) -> str: ...

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Explaining(Generic[A]):
    """The part of a Task that says what of its answers is explained."""

    name: ClassVar[str]

    def goal(self, answer: A, names: Names, asked: Asked) -> Goal:
        """Choose what is explained; EdgetextError where the answer has no such thing."""
        raise EdgetextError(
            f"task {self.name} has no answer that words of the text speak for or against; explain "
            "a model of another task"
        )

    def worth(self, answer: A, goal: Goal) -> float:
        """Tell how much of the goal another answer says, 0 to 1: the probability of a label, and of
        a range how much of it has the same label."""
        raise NotImplementedError


def label_goal(best: str, names: Sequence[str], asked: Asked) -> Goal:
    """Give the label that is asked for, or the likeliest; EdgetextError for one that there is
    not."""
    label = asked.label if asked.label is not None else best
    if label not in names:
        raise EdgetextError(
            f"--label: the model has no label {label!r}{nearest(label, names) or _listed(names)}"
        )
    return Goal(LABEL, label, label)


def range_goal(ranges: Sequence[Labeled], asked: Asked, names: Sequence[str], what: str) -> Goal:
    """Give the range that is asked for, by default the first, with its label or that asked for.

    what: a range in words, as "span". EdgetextError where there is no such range or label.
    """
    number = range_number(len(ranges), asked, what)
    chosen = ranges[number]
    label = asked.label if asked.label is not None else chosen.label
    if label not in names:
        raise EdgetextError(
            f"--label: no {what} of the model is called {label!r}"
            f"{nearest(label, names) or _listed(names)}"
        )
    words = f"{label} at bytes {chosen.start} to {chosen.end}"
    return Goal(RANGE, label, words, chosen.start, chosen.end, number)


def range_number(count: int, asked: Asked, what: str) -> int:
    """Give the number, from 0, of the range that is asked for, by default the first; EdgetextError
    where the answer has none, or fewer."""
    if count == 0:
        raise EdgetextError(f"the model finds no {what} in this text, so there is none to explain")
    number = 1 if asked.span is None else asked.span
    if number > count:
        has = f"one {what}" if count == 1 else f"{count} {what}s"
        raise EdgetextError(f"--span {number}: the answer has {has}; give a number up to {count}")
    return number - 1


def no_labels(asked: Asked, task: str) -> None:
    """EdgetextError where a label is asked for, and answers of the task have none to choose."""
    if asked.label is not None:
        raise EdgetextError(f"--label: answers of task {task} have no labels; leave it out")


def no_spans(asked: Asked, task: str) -> None:
    """EdgetextError where a span is asked for, and answers of the task have none."""
    if asked.span is not None:
        raise EdgetextError(f"--span: answers of task {task} have no spans; leave it out")


def likeness(goal: Goal, ranges: Iterable[tuple[int, int, float]]) -> float:
    """Tell how much of the goal's bytes the likest of some ranges has: the share that both have of
    the bytes that one of them has, times the range's score; each is (start, end, score)."""
    best = 0.0
    for start, end, score in ranges:
        both = min(end, goal.end) - max(start, goal.start)
        if both > 0:
            either = max(end, goal.end) - min(start, goal.start)
            best = max(best, score * both / either)
    return best


def unknown_part(part: str, parts: Iterable[str]) -> NoReturn:
    """Raise the EdgetextError for a task that a model of several does not have."""
    names = list(parts)
    raise EdgetextError(
        f"--part: the model has no task {part!r}{nearest(part, names) or _listed(names)}"
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:12])
    return f"; it has {shown}{', ...' if len(names) > 12 else ''}"
