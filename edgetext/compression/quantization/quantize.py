"""`quantize`: a model whose large weights are integers, and what that costs in accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from edgetext.compression.quantization.calibrate import Method, calibrate
from edgetext.compression.quantization.calibration_data import calibration_set
from edgetext.compression.quantization.precision import Precision, store
from edgetext.compression.quantization.sensitivity import sensitivity
from edgetext.compression.quantization.smooth import smoothing
from edgetext.compression.quantization.yardstick import Yardstick
from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.model.model import Model
from edgetext.model.variants import INT4, INT8, quantized_variant
from edgetext.models import Network
from edgetext.models.quantized.layer import QuantizedLayer
from edgetext.models.quantized.scheme import becomes_integers, scheme_class
from edgetext.recipe import Recipe
from edgetext.tasks.metrics import in_points, loss_in_points, watched, worst
from edgetext.training.dataset import EncodedSet

AUTO: Literal["auto"] = "auto"
ALL: Literal["all"] = "all"
# Texts of the validation split on which each layer's share in the error is measured.
SAMPLE = 256
BATCH = 64
# The points (of 100) that `auto` lets a metric of the validation split fall by.
AUTO_DROP = 0.5


@dataclass(frozen=True, slots=True)
class Choices:
    """What to make of a model.

    int4: the layers whose weights have 4 bits, ALL for each that would have 8. scheme: the
    registered name of the scheme of every layer that it fits; the others are int8.
    static: how the scales of the convolutions' activations are calibrated, None where every range
    is found as the network runs. calibrate: on which data, a recipe or a data file; by default the
    training split. keep: the layers that stay float32, or AUTO: the worst, one after the other,
    until no metric of the validation split falls by more than `max_drop` points. metrics: those
    that may not; by default all that the task measures. data: what all of it is measured on in the
    place of a recipe's splits; see Yardstick.of_file.
    """

    int4: Sequence[str] | Literal["all"] = ()
    scheme: str = "int8"
    static: Method | None = None
    calibrate: str | None = None
    keep: Sequence[str] | Literal["auto"] = ()
    max_drop: float | None = None
    metrics: Sequence[str] = ()
    data: Path | None = None


@dataclass(frozen=True, slots=True)
class LayerCost:
    """A module with weights: bytes before and after, and errors, relative by root mean square.

    weights: of its weights. outputs: of the network's scores when it alone is changed, on texts of
    the validation split. Both are 0 for what stays float32.
    """

    name: str
    before: int
    after: int
    weights: float
    outputs: float


@dataclass(frozen=True, slots=True)
class Quantized:
    """The model, its layers, and the test metrics before and after, each 0 to 1. kept:
    the layers that stayed float32 though they are large. watched: the metrics that may not fall."""

    model: Model
    layers: list[LayerCost]
    before: dict[str, float]
    after: dict[str, float]
    kept: list[str] = field(default_factory=list)
    watched: Sequence[str] = ()


def quantize(
    model: Model, recipe: Recipe | None = None, choices: Choices | None = None
) -> Quantized:
    """Weights to int8, a step a channel; embeddings a step a row; inputs rounded when it runs, but
    for what `choices` says.

    recipe: whose validation and test splits measure it; by default the model's.
    """
    choices = choices or Choices()
    header = model.header
    refuse_quantized(model)
    network = model.copied_network()
    yardstick = (
        Yardstick.of_recipe(model, recipe or model.recipe())
        if choices.data is None
        else Yardstick.of_file(model, choices.data)
    )
    precision = planned(
        network,
        choices,
        lambda: calibration_set(header, recipe or model.recipe(), choices.calibrate),
        str(model),
    )
    precision = replace(precision, smoothing=smoothing(network, sample_of(yardstick.valid)))
    judged = yardstick.judged(network)
    if not judged.figures:  # an embedder's, of texts without labels
        yardstick = yardstick.by_agreement(network)
        judged = yardstick.judged(network)
    names = watched(choices.metrics, judged.figures, list(judged.metrics))
    kept = (name for name in header.metrics.get("test", {}) if name in judged.figures)
    shown = list(dict.fromkeys((*judged.metrics, *kept, *names)))
    sizes = dict(_sizes(network))
    originals = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
    errors = sensitivity(network, precision, sample_of(yardstick.valid))
    if choices.keep == AUTO:
        limit = AUTO_DROP if choices.max_drop is None else choices.max_drop
        precision = _fall_back(model, precision, errors, yardstick, limit, names)
    store(network, precision)
    judged_after = yardstick.judged(network)
    before, after = (
        {x: figures[x] for x in shown} for figures in (judged.figures, judged_after.figures)
    )
    layers = [
        LayerCost(name, sizes[name], size, error, errors.get(name, 0.0) if error else 0.0)
        for name, size in _sizes(network)
        for error in [_error(network, name, originals)]
    ]
    variant = quantized_variant(precision.schemes.values())
    # The user's own file is no test split, and what that showed is not of these weights; how far
    # the answers are the old ones is not how good they are.
    metrics = after if choices.data is None and yardstick.expected is None else {}
    smaller = model.replace(network, variant, {"test": metrics}, worst(judged_after.classes))
    result = Quantized(smaller, layers, before, after, sorted(precision.keep), names)
    return result if choices.data is None else _noted(result, choices.data, len(yardstick.test))


def _noted(result: Quantized, data: Path, texts: int) -> Quantized:
    """The same, the history saying what was measured on the user's own texts."""
    gate = {
        "data": data.name,
        "texts": texts,
        "before": result.before,
        "after": result.after,
        "kept": result.kept,
    }
    *earlier, last = result.model.header.history
    step = replace(last, extra={**last.extra, "gate": gate})
    return replace(result, model=result.model.with_header(history=(*earlier, step)))


def refuse_quantized(model: Model) -> None:
    """EdgetextError when the model is quantized already."""
    if model.header.quantized:
        variant = model.header.variant
        raise EdgetextError(
            f"{model}: this checkpoint is {variant} already; give the one it came from"
        )


def check_drop(quantized: Quantized, limit: float) -> None:
    """EdgetextError when a metric that may not fell by more than `limit` points (of 100)."""
    for name in quantized.watched or quantized.before:
        before, after = quantized.before[name], quantized.after[name]
        drop = loss_in_points(name, before, after)
        if drop > limit:
            old, new = in_points(name, before), in_points(name, after)
            raise EdgetextError(
                f"{name} {'rises' if new > old else 'falls'} from {old:.2f} to {new:.2f}, "
                f"by {drop:.2f} points, more than --max-drop {limit:g}; nothing was written"
            )


def planned(
    network: Network, choices: Choices, texts: Callable[[], EncodedSet], source: str
) -> Precision:
    """Plan how a network's layers are to be stored; what AUTO would keep is not decided here.

    texts: what static quantization is calibrated on, asked for where it is needed. EdgetextError
    for a layer that `choices` names and the network lacks, for static quantization where no layer
    would have it, and for a scheme that cannot be chosen by its name.
    """
    precision = Precision()
    if choices.static is not None:
        static = calibrate(network, texts().in_order(BATCH), choices.static)
        if not static:
            raise EdgetextError(
                f"{source}: no layer of this model is a convolution that becomes int8, and only "
                "those gain by static quantization; leave out --static"
            )
        precision = Precision(static=static)
    if choices.keep != AUTO:
        kept = _known("--keep-float", choices.keep, network, precision, source)
        precision = replace(precision, keep=kept)
    schemes = _of_scheme(choices.scheme, network, precision)
    schemes |= dict.fromkeys(_int4_layers(choices, network, precision, source), "int4")
    precision = replace(precision, schemes=schemes)
    if precision.static and not precision.static_layers:
        raise EdgetextError(
            f"{source}: static quantization is of convolutions of 8 bits, and here each has 4 or "
            "stays float32; leave out --static, or name other layers"
        )
    return precision


def _of_scheme(name: str, network: Network, precision: Precision) -> dict[str, str]:
    """Give the layers that the scheme of this name stores; none for int8, which stores the rest."""
    kind = scheme_class(name)
    if name == INT8:
        return {}
    if kind.calibrated:
        raise EdgetextError(
            f"scheme {name} needs scales that are calibrated on data, so it cannot be chosen by "
            "its name; for static quantization give --int8 --static"
        )
    scheme = kind()
    layers = {layer: network.get_submodule(layer) for layer in _changing(network, precision)}
    return {
        layer: name
        for layer, module in layers.items()
        if becomes_integers(module)
        and scheme.fits(module)
        and (scheme.shares_table or not network.tied or module is not network.embedding)
    }


def _int4_layers(
    choices: Choices, network: Network, precision: Precision, source: str
) -> Iterable[str]:
    """Give the layers whose weights have 4 bits; EdgetextError for one that cannot."""
    if choices.int4 == ALL:
        return _of_scheme(INT4, network, precision)
    names = _known("--int4-layers", choices.int4, network, precision, source)
    if network.tied and "embedding" in names:
        raise EdgetextError(
            f"{source}: its embedding is its output matrix too, which has 8 bits in both "
            "runtimes; leave `embedding` out of --int4-layers"
        )
    return names


def _changing(network: Network, precision: Precision) -> list[str]:
    """Name the layers that become integers."""
    return [
        name
        for name, module in network.named_modules()
        if precision.scheme_of(name, module) is not None
    ]


def _known(
    option: str, names: Sequence[str], network: Network, precision: Precision, source: str
) -> frozenset[str]:
    """Give the names of layers; EdgetextError for one that would not become integers anyway."""
    changing = _changing(network, precision)
    for name in names:
        if name not in changing:
            raise EdgetextError(
                f"{option} {name}: {source} has no such layer that becomes integers"
                f"{nearest(name, changing)} (those are: {', '.join(changing)})"
            )
    return frozenset(names)


def _fall_back(
    model: Model,
    precision: Precision,
    errors: dict[str, float],
    yardstick: Yardstick,
    limit: float,
    names: Sequence[str],
) -> Precision:
    """Keep the layers with the largest errors, one more each time, until the limit holds."""
    before = yardstick.judged(model.network, valid=True).figures
    largest = sorted(errors, key=lambda name: -errors[name])
    for count in range(len(largest) + 1):
        tried = replace(precision, keep=frozenset(largest[:count]))
        network = model.copied_network()
        store(network, tried)
        after = yardstick.judged(network, valid=True).figures
        if all(loss_in_points(name, before[name], after[name]) <= limit for name in names):
            break
    return tried


def sample_of(data: EncodedSet) -> Iterator:
    """Yield batches of at most SAMPLE texts, evenly out of all."""
    index = torch.linspace(0, len(data) - 1, min(len(data), SAMPLE)).long()
    for part in index.split(BATCH):
        yield data.batch(part)


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
    """Give the relative error of a layer's weights, root mean square; 0 where it is float32."""
    module = network.get_submodule(name)
    if not isinstance(module, QuantizedLayer):
        return 0.0
    weight = originals[f"{name}.weight"]
    size = weight.square().mean().sqrt()
    return float((module.dequantized() - weight).square().mean().sqrt() / size) if size else 0.0
