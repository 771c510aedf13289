"""What `edgetext init` asks of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.example import Example
from edgetext.data.guess import Guess, guess_form
from edgetext.registry import has, lookup
from edgetext.starter.shape import Shape

# How many different labels of each kind there are: "intents", "slots" and "nodes".
Labels = Mapping[str, int]


class Starter:
    """What a task's data must have, and the recipe that trains on it: a class registered as
    `starter` under the task's name, without state.

    comment: a recipe's first line, with the names of Labels in braces. shapes: by head, the task's
    default first. paired: whether an example has two texts. called: what examples are called.
    divided_by: what the text is called whose hash decides the split that an example goes to.
    fills_slots: whether other values in an example's slots make new examples. expects_labels:
    whether training may be told how often labels come in use. several_labels: the
    task in its place where texts have several labels or none, "" for none. learns: what the task
    has labels of, of "intents", "slots" and "nodes". few: whether a teacher may begin with
    published weights, and answer texts without labels for its student.
    """

    comment: ClassVar[str]
    shapes: ClassVar[Mapping[str, Shape]]
    paired: ClassVar[bool] = False
    called: ClassVar[str] = "texts"
    divided_by: ClassVar[str] = "text"
    fills_slots: ClassVar[bool] = False
    several_labels: ClassVar[str] = ""
    expects_labels: ClassVar[bool] = False
    learns: ClassVar[frozenset[str]] = frozenset({"intents"})
    few: ClassVar[bool] = False

    def guess(self, path: Path, choices: Choices = NO_CHOICE) -> Guess:
        """Guess the reader of a file, or of a folder that is one, where `choices` says nothing.

        EdgetextError where it is like none, or like two.
        """
        return guess_form(path, choices, self.learns)

    def check(self, examples: Sequence[Example], path: Path) -> None:
        """Raise EdgetextError where the examples of a file lack what the task learns."""
        raise NotImplementedError

    def check_held_out(self, examples: Sequence[Example], path: Path) -> None:
        """Raise EdgetextError where the examples of a file of valid or test tell nothing of a
        model."""
        if not examples:
            raise EdgetextError(f"{path}: there are no examples; give a file that has some")

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        """Count what was read, by what it is called."""
        raise NotImplementedError

    def parts(self, example: Example) -> int:
        """Count the parts in which training reads an example."""
        return 1


def starter_of(task: str) -> Starter:
    """Look up the starter of a task; EdgetextError where there is none."""
    starter: Starter = lookup("starter", task)()
    return starter


def guess_for(task: str, path: Path) -> Guess:
    """Guess the reader of a file of a task's data; EdgetextError where it is like none."""
    return starter_of(task).guess(path) if has("starter", task) else guess_form(path)
