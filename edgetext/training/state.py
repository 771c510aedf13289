"""Where a training stands, and the file in which it waits to be resumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.core.errors import EdgetextError
from edgetext.core.files import atomic_path, read_bytes
from edgetext.training.losses import Losses
from edgetext.training.sharding import divided, divided_moments, whole
from edgetext.training.team import Team


@dataclass(slots=True)
class Progressed:
    """Where a run stands; everything that its state file holds beside weights and random numbers.

    epoch: how many are whole. step: how many are done, of all epochs. losses: of the steps of the
    epoch that has begun. best_epoch: 1-based, -1 for none. constant:
    whether all epochs that were judged have the same score. metrics: of the last epoch.
    """

    epoch: int = 0
    step: int = 0
    best_score: list[float] = field(default_factory=list)
    best_epoch: int = -1
    best_metrics: dict[str, float] = field(default_factory=dict)
    best: dict[str, Tensor] = field(default_factory=dict)
    average: dict[str, Tensor] = field(default_factory=dict)
    constant: bool = True
    losses: Losses = field(default_factory=Losses)
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateFile:
    """The file of an interrupted run.

    path: None to keep none. fingerprint: of the run; a file with another is not its own. team: the
    processes of the run, of which the first has the file.
    """

    path: Path | None
    fingerprint: str
    team: Team

    @property
    def exists(self) -> bool:
        """Whether there is a state to resume from."""
        return self.path is not None and self.path.exists()

    def remove(self) -> None:
        """Delete the file, if it is there."""
        if self.path is not None and self.team.place.is_first:
            self.path.unlink(missing_ok=True)

    def save(self, objective: nn.Module, optimizer: Any, at: Progressed) -> None:
        """Write the run as it stands between two steps; whole or not at all."""
        if self.path is None:
            return
        progress = {name: getattr(at, name) for name in Progressed.__slots__}
        progress["losses"] = at.losses.values()
        state = {
            "fingerprint": self.fingerprint,
            "objective": dict(objective.state_dict()),
            "optimizer": optimizer.state_dict(),
            "random": self.team.random_states(),
            "progress": progress,
        }
        if self.team.divides:
            state = whole(state, keep=self.team.place.is_first)
        if not self.team.place.is_first:
            return
        # Not by its path: torch's own writer reports a full disk as a RuntimeError. Not through
        # memory, of which the state has several times what the network has.
        with atomic_path(self.path) as temporary, temporary.open("wb", buffering=0) as file:
            torch.save(state, file)

    def load(self, objective: nn.Module, optimizer: Any) -> Progressed:
        """Put a run back where the file says; EdgetextError when it is another run's or bad."""
        if self.path is None:
            raise EdgetextError("give `state`, the file in which the interrupted run waits")
        # Alone it is read from where it is: in memory it would be there twice.
        file = self.path if self.team.is_alone else BytesIO(self.team.of_first(self._content))
        if self.team.is_alone:
            self._check_exists()
        try:
            state = torch.load(file, weights_only=True, map_location=self.team.fabric.device)
            fingerprint = state["fingerprint"]
        except Exception as error:  # torch raises many kinds for a damaged file
            raise EdgetextError(
                f"{self.path}: the state of the interrupted run cannot be read "
                f"({type(error).__name__}); delete it and train anew"
            ) from error
        if fingerprint != self.fingerprint:
            raise EdgetextError(
                f"{self.path}: the interrupted run had another recipe or other data; give the "
                "same recipe, or delete the file and train anew"
            )
        if self.team.divides:
            state = _divided(state, objective, optimizer)
        objective.load_state_dict(state["objective"])
        optimizer.load_state_dict(state["optimizer"])
        self.team.set_random_state(state["random"])
        progress = state["progress"]
        losses = progress.pop("losses", torch.empty(0))
        return Progressed(**progress, losses=Losses(losses))

    def _check_exists(self) -> None:
        if not self.exists:
            raise EdgetextError(
                f"{self.path}: there is no interrupted run to resume; leave out --resume"
            )

    def _content(self) -> bytes:
        self._check_exists()
        return read_bytes(str(self.path))


def _divided(state: dict[str, Any], objective: nn.Module, optimizer: Any) -> dict[str, Any]:
    """What a file holds, its tensors divided among the processes as the objective's are."""
    like = dict(objective.state_dict())
    # The names of the network alone, as those of the objective end.
    progress = state["progress"]
    of_network = {name.partition(".")[2]: tensor for name, tensor in like.items()}
    average = divided(progress["average"], of_network)
    return {
        **state,
        "objective": divided(state["objective"], like),
        "optimizer": divided_moments(state["optimizer"], optimizer.param_groups),
        "progress": {**progress, "average": average},
    }
