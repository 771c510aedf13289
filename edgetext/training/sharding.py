"""Weights, gradients and moments that the processes of a run divide among themselves.

Fully sharded data parallel (Zhao et al. 2023, "PyTorch FSDP"): each process keeps a part of every
parameter, and has the whole of a layer while it is run alone. Fabric's ModelParallelStrategy does
it by PyTorch's `fully_shard`, on CPUs, too; its FSDPStrategy is for GPUs alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from lightning_fabric.strategies import ModelParallelStrategy
from torch import Tensor, nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

# Of the processes' mesh: the dimension along which they divide data and weights.
_DATA = "data_parallel"


def sharding(count: int) -> ModelParallelStrategy:
    """Make Fabric's strategy for so many processes."""
    return ModelParallelStrategy(_divide, data_parallel_size=count, tensor_parallel_size=1)


def _divide(objective: nn.Module, mesh: Any) -> nn.Module:
    """Divide the network of an objective, in place: its layers one by one, and the rest at once."""
    network: Any = objective.network
    layers = getattr(network.encoder, "layers", None)
    for layer in layers if isinstance(layers, nn.ModuleList) else ():
        fully_shard(layer, mesh=mesh[_DATA])
    fully_shard(network, mesh=mesh[_DATA])
    return objective


def twins(objective: nn.Module, network: nn.Module) -> tuple[nn.Module, nn.Module]:
    """Copy an objective with its network, since one that was divided is never whole again."""
    both: tuple[nn.Module, nn.Module] = copy.deepcopy((objective, network))
    return both


def judged_whole(
    network: nn.Module, validate: Callable[[nn.Module], dict[str, float]]
) -> Callable[[nn.Module], dict[str, float]]:
    """Have a divided network judged by its weights in `network`, its whole twin, which monitors
    look at, too."""

    def judge(divided: nn.Module) -> dict[str, float]:
        network.load_state_dict(whole(divided.state_dict()))
        network.eval()
        return validate(network)

    return judge


def whole(value: Any, *, keep: bool = True) -> Any:
    """Give a tensor, or a nested dict or list with some, with every part from its process.

    All processes must ask at once. keep: whether this one needs the answer; else tensors that are
    divided become None one after the other, so that all together take no memory.
    """
    if isinstance(value, DTensor):
        full = value.full_tensor()
        return full if keep else None
    if isinstance(value, dict):
        return {name: whole(each, keep=keep) for name, each in value.items()}
    if isinstance(value, list):
        return [whole(each, keep=keep) for each in value]
    return value


def divided(tensors: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """Give tensors by name, each divided as the one of that name in `like` is."""
    return {name: _divided(tensor, like[name]) for name, tensor in tensors.items()}


def divided_moments(state: dict[str, Any], groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the state of an optimizer, each parameter's moments divided as it is itself.

    groups: the optimizer's own, in whose order `state` counts parameters.
    """
    parameters = [parameter for group in groups for parameter in group["params"]]
    moments = {
        number: {
            name: _divided(value, parameters[number])
            if isinstance(value, Tensor) and value.shape == parameters[number].shape
            else value
            for name, value in values.items()
        }
        for number, values in state["state"].items()
    }
    return {**state, "state": moments}


def _divided(tensor: Tensor, like: Any) -> Tensor:
    if not isinstance(like, DTensor):
        return tensor
    mesh, places = like.device_mesh, like.placements
    # Every process has read the whole, so that none need send anything.
    return distribute_tensor(tensor.to(like.device), mesh, places, src_data_rank=None)
