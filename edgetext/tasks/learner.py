"""What learns a task, makes its artifacts and explains its answers: see Learning, Reading and
Explained. It needs PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from edgetext.core.errors import EdgetextError
from edgetext.models.network import Head, Network
from edgetext.registry import lookup
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.explained import Explained
from edgetext.tasks.learning import Labels, Learning
from edgetext.tasks.reading import Reading


class Learner(Learning, Reading, Explained):
    """One kind of model: a class registered as `learner` under its task's name, without state."""

    def bind(self, labels: Labels) -> Self:
        """Give the learner as a checkpoint's labels make it; itself, but for a task that is made of
        others."""
        return self

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs of a file, in their order, "truncated" last; by default those of its task."""
        return self.task.outputs

    def calibrated(self, calibration: Calibration) -> Self:
        """Give the learner of a model whose scores are changed in this way; EdgetextError where it
        has no probabilities of one label among several."""
        raise EdgetextError(
            f"task {self.task.name} is not calibrated; classify and joint are, whose answer is one "
            "label among several"
        )


def learner_of(
    name: str, labels: Labels | None = None, calibration: Mapping[str, Any] | None = None
) -> Learner:
    """Look up what learns the task of a recipe or checkpoint; EdgetextError when there is none.

    labels: those of the checkpoint, where there is one already (see `Learner.bind`). calibration:
    what its header says of it; empty where nothing is changed.
    """
    learner: Learner = lookup("learner", name)()
    if labels is not None:
        learner = learner.bind(labels)
    return learner.calibrated(Calibration.from_dict(calibration)) if calibration else learner


def decoder_of(network: Network, learner: Learner, labels: Labels) -> Any:
    """Make the decoder of a network's head, or of what learns its task where the head has none."""
    head = network.head
    own = head.decoder() if isinstance(head, Head) else None
    return learner.decoder(labels) if own is None else own
