"""The packages of the extra `huggingface`, imported when they are needed."""

from __future__ import annotations

import importlib
from typing import Any

from edgetext.core.errors import EdgetextError


def safetensors() -> tuple[Any, type[Exception]]:
    """Give the package safetensors and its kind of error."""
    module = _package("safetensors")
    error: type[Exception] = module.SafetensorError
    return module, error


def huggingface_hub() -> Any:
    """Give the package huggingface_hub."""
    return _package("huggingface_hub")


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EdgetextError(
            f"what Hugging Face wrote is read by {name}; install it with "
            "`pip install 'edgetext[huggingface]'`"
        ) from error
