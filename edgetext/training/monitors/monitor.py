"""What a monitor is, and what it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Sample:
    """A text of the validation split, and what the network answers, both as people read them."""

    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Start:
    """A training begins, or goes on.

    name: of the recipe. folder: where files of the run may go; None for nowhere. recipe: resolved.
    epochs, steps: of the run, and of each epoch. step: how many were done before, at another time.
    pieces: of the vocabulary, in the order of the rows of the network's embedding. samples: gives
    what the network answers now, which must not be called while it is trained.
    """

    name: str
    folder: Path | None
    recipe: Mapping[str, Any]
    network: nn.Module
    epochs: int
    steps: int
    step: int = 0
    pieces: Sequence[str] = ()
    samples: Callable[[], Sequence[Sample]] = tuple


@dataclass(frozen=True, slots=True)
class Step:
    """A step was done.

    step: how many are, of all epochs. loss: float[]. gradient_norm: float[], before it was clipped;
    None where gradients are not clipped.
    """

    step: int
    epoch: int
    loss: Tensor
    learning_rate: float
    gradient_norm: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch was done.

    epoch, epochs: how many are done, and of how many. step: steps that are done. loss: mean of its
    steps. metrics: of the validation split. weight_norm: of the network's parameters together.
    seconds_left: until the last epoch is done, as it goes.
    """

    epoch: int
    epochs: int
    step: int
    loss: float
    metrics: Mapping[str, float]
    weight_norm: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class End:
    """A training ended.

    status: "done", "stopped" by Ctrl-C or because others are better, or "failed". kept: the epoch
    whose weights the network has now, 0 for none. metrics: of the validation split, with these
    weights.
    """

    status: str
    kept: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)


class Monitor:
    """Is told how a training goes; a class registered as `monitor`, built `cls(config)`.

    What `on_start` raises ends the training before it begins, and so does an EdgetextError later,
    whose state is kept. A monitor that fails otherwise, as one whose server is gone, is left out
    from there on, and a warning says so.
    """

    class Config(BaseModel):
        """What a recipe may say of it."""

        model_config = ConfigDict(extra="forbid")

    def __init__(self, config: BaseModel) -> None:
        self.config = config

    def on_start(self, start: Start) -> None:
        """Begin; EdgetextError where what it needs is not there."""

    def on_step(self, step: Step) -> None:
        """Note a step, briefly: what takes long makes training long."""

    def on_epoch(self, epoch: Epoch) -> None:
        """Note an epoch."""

    def on_end(self, end: End) -> None:
        """End; called once, however the training ended."""
