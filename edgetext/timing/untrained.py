"""Networks of any vocabulary and width with random weights: what an answer costs depends on their
shapes, and not on what they learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from edgetext.compression.quantization.calibrate import calibrate
from edgetext.compression.quantization.calibration_data import sampled
from edgetext.compression.quantization.precision import Precision, store
from edgetext.compression.quantization.quantize import BATCH
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext.model.variants import INT8
from edgetext.models import build_network
from edgetext.models.quantized.layer import schemes_of
from edgetext.recipe import ComponentConfig, Recipe
from edgetext.tasks.learner import learner_of
from edgetext.text.tokenization import Tokenization
from edgetext.training.distill import student_recipe
from edgetext.training.run import fuse_layers, make_vocabulary
from edgetext.training.splits import Splits

# The fields of a component that are widths; heads and kernels are not.
WIDTHS = ("embedding", "hidden", "feed_forward")


def small_recipe(recipe: Recipe) -> Recipe:
    """The recipe of what ships: its student where it has one."""
    return student_recipe(recipe)


def resized(recipe: Recipe, vocabulary: int | None = None, width: int | None = None) -> Recipe:
    """The recipe with another vocabulary, and with all widths in proportion to the encoder's
    `hidden`, which becomes `width`; a width stays a multiple of the heads."""
    update: dict[str, Any] = {}
    if vocabulary is not None:
        update["text"] = recipe.text.model_copy(update={"vocabulary": vocabulary})
    if width is not None:
        factor = width / _fields(recipe.encoder)["hidden"]
        update["encoder"] = _scaled(recipe.encoder, factor)
        update["head"] = None if recipe.head is None else _scaled(recipe.head, factor)
    return recipe.model_copy(update=update)


def untrained(recipe: Recipe, splits: Splits, int8: bool, fixed: bool = False) -> Checkpoint:
    """A checkpoint of the recipe's network as the recipe's seed draws it.

    Its vocabulary is trained on the training texts, so that texts fall into as many pieces as a
    real model's do; `vocabulary` of the header may be smaller than asked for where the texts have
    no more pieces. fixed: int8, static in the convolutions that can be, as
    `quantize --int8 --static` makes it.
    """
    labels = learner_of(recipe.task).labels(splits.train)
    vocabulary = make_vocabulary(recipe.text, recipe, splits)
    return blank(recipe, vocabulary, labels, int8, splits.train if fixed else ())


def blank(
    recipe: Recipe,
    vocabulary: Tokenization,
    labels: Mapping[str, Sequence[str]],
    int8: bool,
    examples: Sequence[Example] = (),
) -> Checkpoint:
    """The same with a vocabulary and labels that are there already.

    examples: what static scales are calibrated on; without any, no layer is static.
    """
    torch.manual_seed(recipe.seed)
    network = build_network(recipe.resolved(), len(vocabulary), labels).eval()
    recipe = fuse_layers(network, recipe)
    header = Header(
        task=recipe.task,
        name=recipe.name,
        recipe=recipe.resolved(),
        vocabulary=vocabulary.to_header(),
        labels={kind: list(names) for kind, names in labels.items()},
        max_bytes=recipe.text.max_bytes,
    )
    if int8:
        precision = Precision()
        if examples:
            texts = sampled(header, examples, recipe.strict).in_order(BATCH)
            precision = Precision(static=calibrate(network, texts))
        store(network, precision)
        header = replace(header, variant=INT8, quantization=schemes_of(network))
    return Checkpoint(header, network.state_dict())


def _scaled(component: ComponentConfig, factor: float) -> ComponentConfig:
    fields = _fields(component)
    step = max(1, int(fields.get("heads") or 1))
    widths = {
        name: max(step, round(fields[name] * factor / step) * step)
        for name in WIDTHS
        if fields.get(name)
    }
    return component.model_copy(update=widths)


def _fields(component: ComponentConfig) -> dict[str, Any]:
    return component.model_dump()
