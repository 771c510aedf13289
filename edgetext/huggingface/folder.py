"""Which folder is imported: one that is here, or a name on the hub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.installed import huggingface_hub
from edgetext.huggingface.json_file import read_json

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
# What is fetched of a name on the hub: no pickle, and no code.
PATTERNS = ("*.json", "*.safetensors")
_NAME = re.compile(r"[\w][\w.-]*(/[\w][\w.-]*)?")
# Files of tokenizers that only Python code of transformers reads.
_SLOW = ("vocab.txt", "vocab.json", "merges.txt", "spiece.model", "sentencepiece.bpe.model")


def find_folder(source: str) -> Path:
    """Give the folder of that path, or that of the hub's name, fetched where it is not here yet.

    EdgetextError where there is neither.
    """
    path = Path(source)
    if path.is_dir():
        return path
    if path.exists():
        raise EdgetextError(f"{path}: this is a file; give the folder with config.json in it")
    if not _NAME.fullmatch(source):
        raise EdgetextError(f"{path}: there is no such folder")
    hub = huggingface_hub()
    try:
        return Path(hub.snapshot_download(source, allow_patterns=list(PATTERNS)))
    except Exception as error:  # the hub's client raises many kinds
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise EdgetextError(
            f"{source}: there is no such folder, and the hub did not give a model of this name "
            f"({reason})"
        ) from error


def read_config(folder: Path) -> dict[str, Any]:
    """Read config.json; EdgetextError where the model needs code of its own."""
    config: dict[str, Any] = read_json(folder / CONFIG)
    if config.get("auto_map"):
        raise EdgetextError(
            f"{folder / CONFIG}: the model brings Python code of its own (auto_map), and no code "
            "of a checkpoint is run; give a model of an architecture that transformers has itself"
        )
    if config.get("quantization_config"):
        raise EdgetextError(
            f"{folder / CONFIG}: the weights are quantized already; give those in floating point"
        )
    return config


def check_tokenizer(folder: Path) -> Path:
    """Give the path of tokenizer.json; EdgetextError where there is none."""
    path = folder / TOKENIZER
    if path.is_file():
        return path
    slow = next((name for name in _SLOW if (folder / name).is_file()), None)
    if slow is not None:
        raise EdgetextError(
            f"{folder}: it has {slow}, which only a slow tokenizer reads, and no {TOKENIZER}; make "
            "one with `AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)`"
        )
    raise EdgetextError(f"{folder}: there is no {TOKENIZER} in it; copy the whole folder")
