"""The same tokenizer with fewer pieces, whose ids are counted anew."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from edgetext.text.imported.fewer import merged


def with_ids(settings: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Give a `tokenizer.json` with the ids `kept` alone, in their order, from 0 on. Those that
    text.imported.fewer says must be among them, and of BPE's pieces all parts."""
    number = {old: new for new, old in enumerate(kept)}
    changed = copy.deepcopy(dict(settings))
    _cut_model(changed["model"], number)
    tokens = [token for token in changed.get("added_tokens", []) if token["id"] in number]
    changed["added_tokens"] = [{**token, "id": number[token["id"]]} for token in tokens]
    padding = changed.get("padding")
    if padding:
        changed["padding"] = {**padding, "pad_id": number.get(padding["pad_id"], 0)}
    _renumber(changed.get("post_processor"), number)
    return changed


def _cut_model(model: dict[str, Any], number: Mapping[int, int]) -> None:
    """Leave the pieces whose ids have a new number, and the merges that make them."""
    vocab = model["vocab"]
    if isinstance(vocab, list):
        model["vocab"] = [entry for index, entry in enumerate(vocab) if index in number]
        model["unk_id"] = number[model["unk_id"]]
        return
    model["vocab"] = {piece: number[index] for piece, index in vocab.items() if index in number}
    if "merges" in model:
        model["merges"] = [x for x in model["merges"] if "".join(merged(x)) in model["vocab"]]


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
