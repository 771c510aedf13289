"""`edgetext.quantize`: weights of 8 or 4 bits, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edgetext.api.given import AnyModel, AnyPath, AnyRecipe, as_model, as_recipe
from edgetext.compression.quantization import quantize as quantization
from edgetext.compression.quantization.calibrate import Method
from edgetext.compression.quantization.qat import train_quantized
from edgetext.compression.quantization.quantize import Choices, Quantized, check_drop
from edgetext.model.model import Model
from edgetext.model.variants import INT4, INT8


@dataclass(frozen=True, slots=True)
class Training:
    """How a model is trained on with the rounding in place, before it is quantized (`--qat`).

    state: a file in which that training waits if it is interrupted; resume: go on from there. done:
    called with the trained model, its weights still float32.
    """

    epochs: int = 5
    learning_rate: float = 5e-4
    state: AnyPath | None = None
    resume: bool = False
    done: Callable[[Model], None] = lambda model: None


def quantize(
    model: AnyModel,
    *,
    int4: Sequence[str] | Literal["all"] = (),
    scheme: str = INT8,
    static: Method | None = None,
    calibrate: str | None = None,
    keep_float: Sequence[str] | Literal["auto"] = (),
    qat: Training | None = None,
    max_drop: float | None = None,
    metrics: Sequence[str] = (),
    recipe: AnyRecipe | None = None,
    data: AnyPath | None = None,
    measured: Callable[[Quantized], None] = lambda result: None,
) -> Quantized:
    """Store a model's weights as integers, and measure what that costs on the test split.

    int4: the layers whose weights have 4 bits, "all" for each that would have 8. scheme: the
    registered name of the scheme of all others that it fits. static: the method by which fixed
    ranges of the convolutions' activations are found; calibrate: a recipe or a data file to
    find them on, by default the model's. keep_float: the layers that stay float32, "auto" for
    the worst until `max_drop` holds on the validation split. qat: train on before that.
    max_drop: how many points (of 100) a metric may lose; metrics: which of them, as "macro_f1",
    by default all that the task measures. recipe: whose data; by default the model's. data: a
    file of labeled examples or, as `.txt`, of texts alone, of which the share that is answered
    as before is measured; then `max_drop` alone keeps the worst layers float32 until it holds.
    measured: called with the result before `max_drop` is looked at. EdgetextError for a model
    that is quantized already, for layers and metrics that it lacks, and for a drop beyond
    `max_drop`.

    >>> result = edgetext.quantize("student.pt")
    >>> result.after["frame_accuracy"]
    >>> result.model.save("student-int8.pt")
    """
    source = as_model(model)
    loaded = None if recipe is None else as_recipe(recipe)
    own = None if data is None else Path(data)
    if own is not None and max_drop is not None and not keep_float:
        keep_float = "auto"
    choices = Choices(int4, scheme, static, calibrate, keep_float, max_drop, metrics, own)
    if qat is not None:
        state = None if qat.state is None else Path(qat.state)
        source = train_quantized(
            source, qat.epochs, qat.learning_rate, loaded, choices, state, qat.resume
        )
        qat.done(source)
    result = quantization.quantize(source, loaded, choices)
    measured(result)
    if max_drop is not None:
        check_drop(result, max_drop)
    return result


def quantized_path(model: Path, int4: Sequence[str] = (), scheme: str = INT8) -> Path:
    """Return where the command `quantize` writes by default."""
    return model.with_name(f"{model.stem}-{INT4 if int4 else scheme}.pt")


def tuned_path(model: Path) -> Path:
    """Return where the command writes what was trained before quantization, still float32."""
    return model.with_name(f"{model.stem}-qat.pt")
