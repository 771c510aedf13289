"""`edgetext.quantize`: weights of 8 or 4 bits, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edgetext.api.recipes import AnyPath, AnyRecipe, as_recipe
from edgetext.compression.quantization import quantize as quantization
from edgetext.compression.quantization.calibrate import Method
from edgetext.compression.quantization.qat import train_quantized
from edgetext.compression.quantization.quantize import Choices, Quantized, check_drop
from edgetext.model.variants import INT4, INT8
from edgetext.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Training:
    """How a checkpoint is trained on with the rounding in place, before it is quantized (`--qat`).

    resume: go on with the interrupted run.
    """

    epochs: int = 5
    learning_rate: float = 5e-4
    resume: bool = False


def quantize(
    model: AnyPath,
    output: AnyPath | None = None,
    *,
    int4: Sequence[str] | Literal["all"] = (),
    scheme: str = INT8,
    static: Method | None = None,
    calibrate: str | None = None,
    keep_float: Sequence[str] | Literal["auto"] = (),
    qat: Training | None = None,
    max_drop: float | None = None,
    recipe: AnyRecipe | None = None,
    before_writing: Callable[[Quantized], None] = lambda measured: None,
) -> Quantized:
    """Write a checkpoint with integer weights, and measure what that costs on the test split.

    output: the file to write; by default NAME-int8.pt, or NAME-int4.pt, beside the model. int4: the
    layers whose weights have 4 bits, "all" for each that would have 8. scheme: the registered name
    of the scheme of all others that it fits. static:
    the method by which fixed ranges of the convolutions' activations are found; calibrate: a recipe
    or a data file to find them on, by default the model's. keep_float: the layers that stay
    float32, "auto" for the worst until `max_drop` holds on the validation split. qat: train on
    before that, into NAME-qat.pt. max_drop: how many points (of 100) a metric may lose. recipe:
    whose data; by default the model's. before_writing: called with the measured result.
    EdgetextError for a checkpoint that is quantized already, for layers that it lacks, and for a
    drop beyond `max_drop`, where nothing is written.

    >>> edgetext.quantize("student.pt").after["frame_accuracy"]
    """
    source = Path(model)
    loaded = None if recipe is None else as_recipe(recipe)
    choices = Choices(int4, scheme, static, calibrate, keep_float, max_drop)
    path = quantized_path(source, int4, scheme) if output is None else Path(output)
    if qat is not None:
        source = _trained(source, choices, qat, loaded)
    result = quantization.quantize(source, loaded, choices)
    before_writing(result)
    if max_drop is not None:
        check_drop(result, max_drop)
    result.checkpoint.save(path)
    return result


def quantized_path(model: Path, int4: Sequence[str] = (), scheme: str = INT8) -> Path:
    """Return where `quantize` writes by default."""
    return model.with_name(f"{model.stem}-{INT4 if int4 else scheme}.pt")


def tuned_path(model: Path) -> Path:
    """Return where the training before quantization writes its checkpoint, still float32."""
    return model.with_name(f"{model.stem}-qat.pt")


def _trained(source: Path, choices: Choices, qat: Training, recipe: Recipe | None) -> Path:
    path = tuned_path(source)
    train_quantized(source, path, qat.epochs, qat.learning_rate, recipe, choices, qat.resume)
    return path
