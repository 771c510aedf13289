"""How a learner scores, by a network's own scores, what is explained of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learning import Labels
from edgetext.tasks.task import Task
from edgetext.tasks.words import word_bounds
from edgetext.text.encoding import Encoding


class Explained:
    """The part of a Learner by which gradients explain answers.

    by_gradients: whether `goal_score` is there; else words are left out of the text, one by one.
    """

    task: Task
    by_gradients: bool = False

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give float[B], differentiable: how much B variants of one text say the goal, as a
        log-probability where the task has one.

        scores: a network's of the variants. encoding: of the text, its offsets in bytes of it.
        """
        raise NotImplementedError


def label_number(goal: Goal, names: Sequence[str], task: str) -> int:
    """Give the place of the goal's label among those that the network scores; EdgetextError for the
    label that `calibrate` added, whose score does not hang on the text."""
    if goal.label not in names:
        raise EdgetextError(
            f"--label: {goal.label!r} was added by `calibrate`, and no word speaks for or against "
            f"it; task {task} explains the labels that were learnt, or any with --method occlusion"
        )
    return list(names).index(goal.label)


def words_of_goal(goal: Goal, encoding: Encoding) -> tuple[int, int]:
    """Give the first and the last word of the goal's range, counted from 0; EdgetextError where its
    ends are those of no words of the encoding."""
    start, end = word_bounds(encoding)
    opening = np.flatnonzero(start == goal.start)
    closing = np.flatnonzero(end == goal.end)
    if not len(opening) or not len(closing):
        raise EdgetextError(
            f"bytes {goal.start} to {goal.end} are not whole words as the network reads the text; "
            "explain it with --method occlusion"
        )
    return int(opening[0]), int(closing[-1])
