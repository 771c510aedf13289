"""How much an epoch shows of each of several tasks, by how far they are from their goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# A task that is far behind is shown so many times as often at most, and one that is there so much
# less: a task that is no longer shown would be forgotten.
MOST = 2.0


@dataclass(frozen=True, slots=True)
class Goals:
    """What the tasks of a training are to reach on the validation split.

    of: by the name of a task its metric's name and its goal, from 0 to below 1.
    """

    of: Mapping[str, tuple[str, float]]

    def factors(self, metrics: Mapping[str, float]) -> dict[str, float]:
        """Give by what factor the share of each task in the next epoch changes.

        A task's errors are compared with those that its goal leaves, and that with the mean of all
        tasks (after Gottumukkala et al. 2020, "Dynamic Sampling Strategies for Multi-Task Reading
        Comprehension", §3, who take the distance to the goal). metrics: of the validation split
        after the last epoch; all factors are 1 while there are none.
        """
        if not metrics:
            return dict.fromkeys(self.of, 1.0)
        behind = {
            name: (1 - metrics[metric]) / (1 - goal) for name, (metric, goal) in self.of.items()
        }
        mean = sum(behind.values()) / len(behind)
        if mean == 0:  # all answer everything right
            return dict.fromkeys(self.of, 1.0)
        return {name: min(MOST, max(1 / MOST, x / mean)) for name, x in behind.items()}
