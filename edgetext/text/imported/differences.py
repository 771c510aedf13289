"""Where a compiled tokenizer may give other pieces than `tokenizers`, in words for `inspect`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgetext.text.imported.merges import ROUNDS
from edgetext.text.imported.nfc import ROUNDS as NFC_ROUNDS
from edgetext.text.imported.stages import JOINING, ORDERING, kind_of, parts_of
from edgetext.text.imported.template import trimming


def differences(settings: Mapping[str, Any]) -> list[str]:
    """Give a sentence for each known difference of a `tokenizer.json` that can be compiled."""
    kind, given = kind_of(settings), []
    if kind == "BPE":
        given.append(
            f"a runtime without loops merges in {ROUNDS} rounds, and a word that needs more falls "
            "to bytes there"
        )
        if settings.get("normalizer"):
            given.append(f"there, too, NFC orders and joins marks in {NFC_ROUNDS} rounds")
    stages = {str(stage["type"]) for stage in parts_of(settings.get("normalizer"))}
    if kind == "Unigram" and (joins := sorted(stages & JOINING)):
        given.append(
            f"a separate mark is not joined with its letter, as {' and '.join(joins)} would"
        )
    if kind == "Unigram" and "Precompiled" in stages:
        given.append(
            "a character that Precompiled drops moves no offsets, as in `tokenizers` one does "
            "before a text's first character and after one that became several"
        )
    orders = sorted(stages & ORDERING)
    if kind == "Unigram" and orders and "StripAccents" not in stages:
        given.append(f"marks stay in their order, where {' and '.join(orders)} would change it")
    splitter = settings.get("pre_tokenizer") or {}
    if kind == "BPE" and splitter.get("add_prefix_space") and settings.get("added_tokens"):
        given.append("no space is put after a special token that is written in a text")
    trims = trimming(settings.get("post_processor")) or {}
    if kind == "BPE" and trims.get("trim_offsets") and trims.get("add_prefix_space"):
        given += [
            f"the bytes of {token['content']} leave out a single blank that a text begins with"
            for token in settings.get("added_tokens", [])
            if token.get("lstrip")
        ]
    return given
