"""The pieces of a WordPiece vocabulary's file."""

from __future__ import annotations

import json
from pathlib import Path

from edgetext.core.errors import EdgetextError


def read_pieces(path: Path) -> list[str]:
    """Read a BERT `vocab.txt` (a piece a line) or a `tokenizer.json` with a WordPiece model.

    EdgetextError where it is neither, or has no [UNK].
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EdgetextError(f"{path}: the vocabulary cannot be read ({error})") from error
    if path.suffix == ".json":
        try:
            model = json.loads(text)["model"]
            if model.get("type", "WordPiece") != "WordPiece":
                raise ValueError(model["type"])
            vocab = model["vocab"]
            pieces = sorted(vocab, key=vocab.__getitem__)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EdgetextError(
                f"{path}: no WordPiece model in it; give a tokenizer.json or a vocab.txt"
            ) from error
    else:
        pieces = text.split("\n")
        if pieces and not pieces[-1]:
            pieces.pop()
    if "[UNK]" not in pieces:
        raise EdgetextError(f"{path}: holds no [UNK] piece; give a WordPiece vocabulary")
    return pieces
