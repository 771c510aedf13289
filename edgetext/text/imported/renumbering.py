"""The same tokenizer with fewer pieces, whose ids are counted anew."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any


def with_ids(settings: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Give a WordPiece model's `tokenizer.json` with the ids `kept` alone, in their order, from 0
    on. Special tokens and those of the post-processor must be among them."""
    number = {old: new for new, old in enumerate(kept)}
    changed = copy.deepcopy(dict(settings))
    vocab = changed["model"]["vocab"]
    changed["model"]["vocab"] = {p: number[i] for p, i in vocab.items() if i in number}
    tokens = [token for token in changed.get("added_tokens", []) if token["id"] in number]
    changed["added_tokens"] = [{**token, "id": number[token["id"]]} for token in tokens]
    padding = changed.get("padding")
    if padding:
        changed["padding"] = {**padding, "pad_id": number.get(padding["pad_id"], 0)}
    _renumber(changed.get("post_processor"), number)
    return changed


def _renumber(stage: Any, number: Mapping[int, int]) -> None:
    """Change the ids of a post-processor, and of those in a sequence."""
    if not stage:
        return
    for inner in stage.get("processors", []):
        _renumber(inner, number)
    for name in ("cls", "sep"):
        if name in stage:
            piece, old = stage[name]
            stage[name] = [piece, number[old]]
    for token in stage.get("special_tokens", {}).values():
        token["ids"] = [number[old] for old in token["ids"]]
