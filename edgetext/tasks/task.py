"""What a task is to all who ask models, judge their answers and have them explained: see Answering,
Judging and Explaining.

What learns a task is a Learner, which needs PyTorch; a Task needs NumPy alone.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.registry import lookup
from edgetext.tasks.answering import A, Answering, Names
from edgetext.tasks.explaining import Explaining
from edgetext.tasks.judging import Judging


class Task(Answering[A], Judging[A], Explaining[A]):
    """One kind of question and answer: a class registered as `task`, without state.

    name: what recipes call it. head: the head that it takes by default; heads: others that answer
    it. several_labels: the task that answers the same where a text may have several labels, "" for
    none. has_parts: whether it is made of the tasks under `tasks:` of a recipe.
    """

    name: ClassVar[str]
    head: ClassVar[str]
    several_labels: ClassVar[str] = ""
    heads: ClassVar[tuple[str, ...]] = ()
    has_parts: ClassVar[bool] = False

    def bind(self, names: Names) -> Self:
        """Give the task as these labels (a checkpoint's or an artifact's) make it; itself, but for
        a task that is made of others."""
        return self


def task_of(name: str, names: Names | None = None) -> Task[Any]:
    """Look up the task of a recipe, checkpoint or artifact; EdgetextError when there is none.

    names: the labels of the checkpoint or artifact, where there is one already (see `Task.bind`).
    """
    task: Task[Any] = lookup("task", name)()
    return task if names is None else task.bind(names)


def check_texts(task: Task[Any], example: Example) -> Example:
    """The example; EdgetextError when it has two texts and the task reads one, or the reverse."""
    if len(example.texts) != len(task.inputs):
        have, want = ("two texts", "one") if example.text_b is not None else ("one text", "two")
        raise EdgetextError(
            f"{example.source}: the line has {have} and task {task.name} reads {want}; give the "
            "data of that task"
        )
    return example
