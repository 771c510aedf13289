"""The tokenizer of a folder, and how many pieces of a text are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.huggingface.architectures import Architecture
from edgetext.huggingface.embedders import read_limit
from edgetext.huggingface.json_file import read_json
from edgetext.text.imported.template import trimming
from edgetext.text.imported.tokenizer import ImportedTokenizer

_log = logger(__name__)
# Pieces that are read where the weights would read more, which takes memory by its square.
MOST_PIECES = 512
# What a tokenizer says that has no limit.
_NO_LIMIT = 1_000_000


def piece_limit(
    folder: Path,
    architecture: Architecture,
    asked: int | None,
    settings: Mapping[str, Any],
    option: str,
) -> int:
    """Give how many pieces of a text are read: as many as are asked for, else as the folder says.

    settings: as `tokenizer_config` gives them. option: what asks, in messages. EdgetextError where
    the weights read fewer.
    """
    most = architecture.positions()
    if asked is not None:
        if asked > most:
            raise EdgetextError(f"{option} {asked}: the weights of {folder} read at most {most}")
        return asked
    said = [most, settings.get("model_max_length"), read_limit(folder)]
    limit = min(x for x in said if isinstance(x, int) and 0 < x < _NO_LIMIT)
    if limit > MOST_PIECES:
        _log.info(
            "%s: the model could read %d pieces; %d are read (%s)",
            *(folder, limit, MOST_PIECES, option),
        )
    return min(limit, MOST_PIECES)


def at_words(tokenizer: ImportedTokenizer) -> ImportedTokenizer:
    """Give the tokenizer whose byte-level pieces stand without the space before them, where they
    had it: spans begin at a word. Its pieces are the same."""
    settings = tokenizer.settings
    splitter, processor = settings.get("pre_tokenizer"), settings.get("post_processor")
    stage = trimming(processor)
    if settings["model"]["type"] != "BPE" or (stage and stage.get("trim_offsets")):
        return tokenizer
    trims = {
        "type": "ByteLevel",
        "add_prefix_space": bool(splitter and splitter.get("add_prefix_space")),
        "trim_offsets": True,
        "use_regex": True,
    }
    # Of several such stages the first one counts.
    stages = [trims] if processor is None else [trims, processor]
    changed = {**settings, "post_processor": {"type": "Sequence", "processors": stages}}
    return ImportedTokenizer.from_header({**tokenizer.to_header(), "tokenizer": changed})


def tokenizer_config(folder: Path) -> Mapping[str, Any]:
    """Read tokenizer_config.json; nothing where there is none."""
    path = folder / "tokenizer_config.json"
    settings: Mapping[str, Any] = read_json(path) if path.is_file() else {}
    return settings


def read_tokenizer(path: Path, limit: int, settings: Mapping[str, Any]) -> ImportedTokenizer:
    """Read tokenizer.json. limit: pieces of a text. settings: as `tokenizer_config` gives them."""
    lowercase = settings.get("do_lower_case")
    return ImportedTokenizer.read(
        read_bytes(path),
        source=str(path),
        max_length=limit,
        lowercase=lowercase if isinstance(lowercase, bool) else None,
    )
