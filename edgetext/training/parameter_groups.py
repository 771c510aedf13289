"""Which parameters learn, and how fast: decay of weights, a lower rate for deep layers, freezing.

A layer's rate is that of the layer above it times `learning_rate_decay` (ELECTRA, Clark et al.
2020, appendix A); what stands before the layers, as the table of pieces, has the lowest.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.models import Network
from edgetext.recipe import TrainingConfig
from edgetext.recipe.schema import EMBEDDINGS

# Which part of the full rate a group has; the schedule multiplies it.
SHARE = "share"
# Parts of an encoder that stand behind its layers.
_AFTER = "norm"


def freeze(network: Network, config: TrainingConfig) -> None:
    """Let what `training.freeze` names learn nothing, in place.

    EdgetextError for an encoder that has not so many layers, and where embeddings must learn,
    which adapters (`training.lora`) leave as they are, too.
    """
    field = "freeze" if config.freeze is not None else "lora"
    if config.adversarial is not None and getattr(config, field) is not None:
        raise EdgetextError(
            f"training.{field}: `training.adversarial` moves embeddings along their gradients, of "
            "which frozen ones have none; leave one of them out"
        )
    if config.freeze is None:
        return
    count = 0 if config.freeze == EMBEDDINGS else int(config.freeze)
    depth = len(_layers(network, "freeze")) if count else 0
    if count > depth:
        raise EdgetextError(f"training.freeze is {count}, and the encoder has {depth} layers")
    for name, parameter in network.named_parameters():
        place = _place(name)
        if place is not None and place < count:
            parameter.requires_grad_(False)


def parameter_groups(
    objective: nn.Module, network: nn.Module, config: TrainingConfig
) -> list[dict[str, Any]]:
    """Give the groups of an optimizer, each with its share of the learning rate.

    Matrices decay; biases and normalization gains don't. What belongs to no network, and heads,
    have the full rate.
    """
    if config.learning_rate_decay == 1:
        parameters = [p for p in objective.parameters() if p.requires_grad]
        return _groups(parameters, config.weight_decay, 1.0)
    depth = len(_layers(network, "learning_rate_decay"))
    by_place: dict[int, list[nn.Parameter]] = defaultdict(list)
    places = {id(p): _place(name) for name, p in network.named_parameters()}
    for parameter in objective.parameters():
        if parameter.requires_grad:
            place = places.get(id(parameter))
            by_place[depth if place is None else place].append(parameter)
    groups = []
    for place, parameters in sorted(by_place.items(), reverse=True):
        share = config.learning_rate_decay ** (depth - place)
        groups += _groups(parameters, config.weight_decay, share)
    return groups


def _groups(
    parameters: list[nn.Parameter], weight_decay: float, share: float
) -> list[dict[str, Any]]:
    return [
        {
            "params": [p for p in parameters if p.ndim > 1],
            "weight_decay": weight_decay,
            SHARE: share,
        },
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0, SHARE: share},
    ]


def _place(name: str) -> int | None:
    """The number of a parameter's layer, -1 for what stands before all; None for what comes after
    them, as a head does."""
    part, _, rest = name.partition(".")
    if part == "embedding":
        return -1
    if part != "encoder":
        return None
    inner, _, rest = rest.partition(".")
    if inner == "layers":
        return int(rest.partition(".")[0])
    return None if inner == _AFTER else -1


def _layers(network: nn.Module, field: str) -> nn.ModuleList:
    """The encoder's layers, one behind the other."""
    layers = getattr(network.encoder, "layers", None)
    if isinstance(layers, nn.ModuleList):
        return layers
    raise EdgetextError(
        f"training.{field}: this encoder has no layers that are alike, one behind the other; leave "
        "it out, or take a transformer or a pretrained encoder"
    )
