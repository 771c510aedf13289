"""The processes that train one network together, through Lightning Fabric.

Each takes a part of every batch, and gradients are averaged (distributed data parallel; Li et al.
2020), so that all have the same weights. One process is a team of its own, which costs nothing.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import torch
from lightning_fabric import Fabric
from lightning_fabric.plugins.environments import TorchElasticEnvironment
from torch import Tensor, distributed

from edgetext.core.errors import EdgetextError
from edgetext.core.processes import Place, place
from edgetext.core.quiet import quiet
from edgetext.recipe import TrainingConfig
from edgetext.training.sharding import sharding

T = TypeVar("T")
FSDP = "fsdp"
# How long the processes wait for each other when they start.
MEETING = timedelta(minutes=5)
# What gloo and NCCL say where another process has gone.
GONE = ("gloo", "nccl", "connection", "socket", "timed out", "timeout")


class Team:
    """The processes of a run, of which this is one."""

    def __init__(self, config: TrainingConfig, *, uses_all: bool = True) -> None:
        """uses_all: whether each step uses all parameters.

        EdgetextError where the batch is too small for all, or the others cannot be met.
        """
        self.place = place()
        # Whether each process keeps a part of the network: see training.sharding.
        self.divides = config.strategy == FSDP and self.place.count > 1
        count = self.place.count
        if config.batch_size < count:
            raise EdgetextError(
                f"training.batch_size is {config.batch_size}, of which each of {count} processes "
                "takes a part; raise it, or start fewer"
            )
        strategy: dict[str, Any] = {}
        if count > 1:
            _check_meeting_place(count)
            nodes = count // self.place.here
            # Named, so that Fabric starts no processes of its own.
            strategy = {
                "strategy": _strategy(config, count, uses_all),
                "num_nodes": nodes,
                "plugins": [TorchElasticEnvironment()],
            }
        self.fabric = Fabric(
            accelerator=config.accelerator,
            devices=self.place.here,
            precision=_precision(config),
            **strategy,
        )
        if count > 1:
            self._meet()

    def _meet(self) -> None:
        try:
            _join(self.place, "nccl" if self.fabric.device.type == "cuda" else "gloo")
            with quiet():
                self.fabric.launch()
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            first = str(error).partition("\n")[0]
            raise EdgetextError(
                f"the {self.place.count} processes of this run could not meet ({first}); see that "
                "all were started, with the same --rdzv-endpoint, and that it can be reached"
            ) from error
        # The network was made alike by all; what dropout leaves out is not the same in each.
        torch.manual_seed(torch.initial_seed() + self.place.rank)

    @property
    def is_alone(self) -> bool:
        """Tell whether there is one process."""
        return self.place.count == 1

    def any_of(self, flags: Sequence[bool]) -> list[bool]:
        """Tell of each flag whether it is set in one of the processes; the same in all."""
        if self.is_alone:
            return list(flags)
        mine = torch.tensor([int(flag) for flag in flags], dtype=torch.int32)
        mine = mine.to(self.fabric.device)
        distributed.all_reduce(mine, distributed.ReduceOp.MAX)
        return [bool(flag) for flag in mine.tolist()]

    def mean(self, value: Tensor) -> Tensor:
        """Give the mean of what all processes have, float[]."""
        if self.is_alone:
            return value
        total = value.detach().clone()
        distributed.all_reduce(total)
        return total / self.place.count

    def of_first(self, make: Callable[[], T]) -> T:
        """Give to all what the first process makes; what it raises is raised in all."""
        if self.is_alone:
            return make()
        said: list[Any] = [None, None]
        if self.place.is_first:
            try:
                said[0] = make()
            except EdgetextError as error:
                said[1] = str(error)
        distributed.broadcast_object_list(said, src=0)
        if said[1] is not None:
            raise EdgetextError(said[1])
        result: T = said[0]
        return result

    def random_states(self) -> Tensor:
        """Give the state of each process's random numbers, uint8[processes, n]."""
        mine = torch.get_rng_state()
        if self.is_alone:
            return mine[None]
        device = self.fabric.device
        gathered = [torch.empty_like(mine, device=device) for _ in range(self.place.count)]
        distributed.all_gather(gathered, mine.to(device))
        return torch.stack(gathered).cpu()

    def set_random_state(self, states: Tensor) -> None:
        """Go on with the random numbers of this place, uint8[n] of one process, or as
        `random_states` gives them; of a run with fewer processes, with others."""
        states = states.cpu().reshape(-1, states.shape[-1])
        rank = self.place.rank
        # A copy of its own: PyTorch reads from where the storage begins.
        torch.set_rng_state(states[min(rank, len(states) - 1)].clone())
        if rank >= len(states):
            torch.manual_seed(torch.initial_seed() + rank)

    def has_lost_one(self, error: RuntimeError) -> bool:
        """Tell whether an error is that another process has gone."""
        said = str(error).lower()
        return not self.is_alone and any(word in said for word in GONE)

    def part(self) -> None:
        """End what the processes had together."""
        if not self.is_alone and distributed.is_initialized():
            gc.collect()
            distributed.barrier()
            distributed.destroy_process_group()


def _strategy(config: TrainingConfig, count: int, uses_all: bool) -> Any:
    if config.strategy == FSDP:
        return sharding(count)
    return "ddp" if uses_all else "ddp_find_unused_parameters_true"


def _check_meeting_place(count: int) -> None:
    """EdgetextError where the environment says that there are several processes, and not where they
    meet: somebody has set WORLD_SIZE, and not torchrun."""
    missing = [
        name for name in ("LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT") if name not in os.environ
    ]
    if missing:
        raise EdgetextError(
            f"the environment says that this is one of {count} processes, and has no "
            f"{', '.join(missing)}; start them by `torchrun --nproc-per-node {count} -m edgetext "
            "...`, or unset WORLD_SIZE"
        )


def _join(at: Place, backend: str) -> None:
    """Make the group that Fabric then uses.

    Where torchrun of PyTorch 2.13 starts processes again they find the addresses of those before
    them, since all have one store, and fail to connect; here each start has keys of its own.
    """
    host, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    agent_has_it = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
    is_master = at.is_first and not agent_has_it
    store = distributed.TCPStore(host, port, at.count, is_master, MEETING, multi_tenant=True)
    prefixed = distributed.PrefixStore(f"edgetext-{at.restarts}", store)
    distributed.init_process_group(backend, store=prefixed, rank=at.rank, world_size=at.count)


def share(index: Tensor, at: Place) -> Tensor:
    """Give the rows of a batch int64[B] that a process takes; one at least, so that all do each
    step together."""
    if at.count == 1:
        return index
    mine = index[at.rank :: at.count]
    return mine if len(mine) else index[at.rank % len(index)][None]


def _precision(config: TrainingConfig) -> Any:
    """bf16 needs a GPU that has it, or any CPU; refuse it elsewhere in words."""
    if config.precision != "bf16":
        return "32-true"
    if torch.cuda.is_available() and not torch.cuda.is_bf16_supported():
        raise EdgetextError("this GPU has no bfloat16; set `training.precision: fp32`")
    return "bf16-mixed"
