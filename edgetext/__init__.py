"""Small text models whose one file reads raw UTF-8 on any device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgetext.builtin import provide_components
from edgetext.version import __version__

__all__ = ["__version__", "load"]

if TYPE_CHECKING:
    from edgetext.predictor import load

provide_components()


def __getattr__(name: str) -> Any:
    """Import `load` when it is asked for, so that `edgetext --help` does not wait for NumPy."""
    if name == "load":
        from edgetext.predictor import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
