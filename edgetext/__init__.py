"""Small text models whose one file reads raw UTF-8 on any device.

>>> import edgetext
>>> teacher = edgetext.train("assistant_joint")
>>> student = edgetext.distill(teacher)
>>> edgetext.quantize(student).model.save("student-int8.pt")
>>> edgetext.export("student-int8.pt", target="server")
>>> edgetext.load("student-int8.onnx").predict("wake me up at 7:30")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from edgetext.builtin import provide_components
from edgetext.version import __version__

if TYPE_CHECKING:
    from edgetext.api.calibrate import calibrate
    from edgetext.api.compress import compress
    from edgetext.api.distill import distill
    from edgetext.api.errors import errors
    from edgetext.api.evaluate import evaluate
    from edgetext.api.explain import explain
    from edgetext.api.export import export
    from edgetext.api.import_model import import_model
    from edgetext.api.pretrain import pretrain
    from edgetext.api.prune import prune
    from edgetext.api.quantize import quantize
    from edgetext.api.redact import redact
    from edgetext.api.train import train
    from edgetext.core.console import progress
    from edgetext.core.errors import EdgetextError
    from edgetext.model.model import Model
    from edgetext.predictor import load
    from edgetext.recipe import Recipe

__all__ = [
    "EdgetextError",
    "Model",
    "Recipe",
    "__version__",
    "calibrate",
    "compress",
    "distill",
    "errors",
    "evaluate",
    "explain",
    "export",
    "import_model",
    "load",
    "pretrain",
    "progress",
    "prune",
    "quantize",
    "redact",
    "train",
]

# Where each name is, by which it is imported when it is asked for: `edgetext --help` does not wait
# for NumPy, nor a program that only predicts for torch.
_PLACES = {
    "EdgetextError": ("edgetext.core.errors", "EdgetextError"),
    "Model": ("edgetext.model.model", "Model"),
    "Recipe": ("edgetext.recipe", "Recipe"),
    "calibrate": ("edgetext.api.calibrate", "calibrate"),
    "compress": ("edgetext.api.compress", "compress"),
    "distill": ("edgetext.api.distill", "distill"),
    "errors": ("edgetext.api.errors", "errors"),
    "evaluate": ("edgetext.api.evaluate", "evaluate"),
    "explain": ("edgetext.api.explain", "explain"),
    "export": ("edgetext.api.export", "export"),
    "import_model": ("edgetext.api.import_model", "import_model"),
    "load": ("edgetext.predictor", "load"),
    "pretrain": ("edgetext.api.pretrain", "pretrain"),
    "progress": ("edgetext.core.console", "progress"),
    "prune": ("edgetext.api.prune", "prune"),
    "quantize": ("edgetext.api.quantize", "quantize"),
    "redact": ("edgetext.api.redact", "redact"),
    "train": ("edgetext.api.train", "train"),
}

provide_components()


def __getattr__(name: str) -> Any:
    """Import what a name of `__all__` stands for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
