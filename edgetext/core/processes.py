"""Which of the processes of one run this is, as torchrun says in the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from edgetext.core.errors import EdgetextError


@dataclass(frozen=True, slots=True)
class Place:
    """rank: 0 for the first of `count` processes, of which `here` are on this machine. restarts:
    how often all were started again."""

    rank: int = 0
    count: int = 1
    here: int = 1
    restarts: int = 0

    @property
    def is_first(self) -> bool:
        """Tell whether this process writes files and says how it goes."""
        return self.rank == 0


def place() -> Place:
    """Read the place of this process; EdgetextError where the environment says it in part."""
    values = {name: os.environ.get(name, "") for name in ("RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE")}
    if not values["WORLD_SIZE"]:
        return Place()
    try:
        rank, count = int(values["RANK"]), int(values["WORLD_SIZE"])
        here = int(values["LOCAL_WORLD_SIZE"] or count)
    except ValueError as error:
        raise EdgetextError(
            "the environment has WORLD_SIZE, and RANK and LOCAL_WORLD_SIZE are not numbers; start "
            "the processes by `torchrun --nproc-per-node 2 -m edgetext ...`, or unset WORLD_SIZE"
        ) from error
    if not (0 <= rank < count and 0 < here <= count and count % here == 0):
        raise EdgetextError(
            f"the environment says process {rank} of {count}, {here} a machine, which does not "
            "fit; start as many on each machine by torchrun"
        )
    return Place(rank, count, here, int(os.environ.get("TORCHELASTIC_RESTART_COUNT") or 0))
