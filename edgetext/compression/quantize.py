"""`quantize`: a checkpoint whose large weights are int8, and what that costs in accuracy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from edgetext.compression.int8 import Int8Embedding, Int8Linear
from edgetext.compression.network import load_network, replace_modules
from edgetext.errors import EdgetextError
from edgetext.models import Network
from edgetext.models.embedding import TokenEmbedding
from edgetext.models.rounding import becomes_int8
from edgetext.recipe import Recipe
from edgetext.tasks.metrics import in_points, loss_in_points
from edgetext.training.checkpoint import Checkpoint
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import score
from edgetext.training.history import successor
from edgetext.training.splits import load_split


@dataclass(frozen=True, slots=True)
class LayerCost:
    """A module with weights: bytes before and after, and the relative error of its weights.

    error: root mean square of the difference over that of the weights; 0 for what stays float32.
    """

    name: str
    before: int
    after: int
    error: float


@dataclass(frozen=True, slots=True)
class Quantized:
    """The int8 checkpoint, its layers, and the test metrics before and after, each 0 to 1."""

    checkpoint: Checkpoint
    layers: list[LayerCost]
    before: dict[str, float]
    after: dict[str, float]


def quantize(source: Path, recipe: Recipe | None = None) -> Quantized:
    """Weights to int8, a step a channel; embeddings a step a row; inputs rounded when it runs.

    recipe: whose test split measures it; by default that of the checkpoint. Nothing is written.
    """
    checkpoint = Checkpoint.load(source)
    header = checkpoint.header
    if header.get("variant") == "int8":
        raise EdgetextError(f"{source}: this checkpoint is int8 already; give the one it came from")
    network = load_network(checkpoint, str(source))
    recipe = recipe or Recipe.from_dict(header["recipe"], source=str(source))
    data = EncodedSet.of(header, load_split(recipe, "test"), recipe.strict)
    before = score(network, data)
    sizes = dict(_sizes(network))
    originals = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
    to_int8(network)
    after = score(network, data)
    layers = [
        LayerCost(name, sizes[name], size, _error(network, name, originals))
        for name, size in _sizes(network)
    ]
    made = successor(header, network.state_dict(), source, "int8", {"test": after})
    return Quantized(made, layers, before, after)


def to_int8(network: Network) -> None:
    """Replace the embedding and every Linear of at least SMALL weights, in place."""

    def change(name: str, module: nn.Module) -> nn.Module:
        if isinstance(module, TokenEmbedding):
            return Int8Embedding.of(module.weight)
        if isinstance(module, nn.Linear) and becomes_int8(module):
            return Int8Linear.of(module)
        return module

    replace_modules(network, change)
    network.eval()


def check_drop(quantized: Quantized, limit: float) -> None:
    """EdgetextError when a metric fell by more than `limit` points (of 100)."""
    for name, before in quantized.before.items():
        after = quantized.after[name]
        drop = loss_in_points(name, before, after)
        if drop > limit:
            old, new = in_points(name, before), in_points(name, after)
            raise EdgetextError(
                f"{name} {'rises' if new > old else 'falls'} from {old:.2f} to {new:.2f}, "
                f"by {drop:.2f} points, more than --max-drop {limit:g}; nothing was written"
            )


def _sizes(network: nn.Module) -> Iterator[tuple[str, int]]:
    """Each module that holds tensors of its own, and their bytes."""
    for name, module in network.named_modules():
        own = [*module.parameters(recurse=False), *module.buffers(recurse=False)]
        saved = [t for t in own if not _is_temporary(module, t)]
        if saved:
            yield name, sum(t.numel() * t.element_size() for t in saved)


def _is_temporary(module: nn.Module, tensor: Tensor) -> bool:
    names = {id(t): n for n, t in module.named_buffers(recurse=False)}
    return names.get(id(tensor)) in module._non_persistent_buffers_set


def _error(network: Network, name: str, originals: dict[str, Tensor]) -> float:
    module = network.get_submodule(name)
    if not isinstance(module, Int8Linear | Int8Embedding):
        return 0.0
    weight = originals[f"{name}.weight"]
    rebuilt = module.weight.to(torch.float32) * module.scale.reshape(-1, 1)
    size = weight.square().mean().sqrt()
    return float((rebuilt - weight).square().mean().sqrt() / size) if size else 0.0
