"""The pieces and merges of byte-level BPE, as bytes.

A tokenizer.json spells each byte as one printable character.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from edgetext.text.imported.merges import Merge


@cache
def byte_characters() -> dict[str, int]:
    """Character -> the byte that it stands for, as GPT-2 has it: printable ones for themselves, the
    others, in their order, for those from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    characters = {chr(byte): byte for byte in printable}
    return characters | {chr(0x100 + number): byte for number, byte in enumerate(others)}


def byte_pieces(model: Mapping[str, Any]) -> dict[bytes, int]:
    """Bytes -> id, of the pieces that are spelled in such characters."""
    return {
        spelled: index
        for piece, index in model["vocab"].items()
        if (spelled := _bytes(piece)) is not None
    }


def read_merges(model: Mapping[str, Any]) -> list[Merge]:
    """Give the merges, the first first. KeyError for a character that spells no byte."""
    merges = []
    for merge in model["merges"]:
        left, right = merge.split(" ") if isinstance(merge, str) else merge
        parts = [_bytes(part) for part in (left, right)]
        if None in parts:
            raise KeyError(left + right)
        merges.append(Merge(*(part for part in parts if part is not None)))
    return merges


def _bytes(piece: str) -> bytes | None:
    known = byte_characters()
    if not all(character in known for character in piece):
        return None
    return bytes(known[character] for character in piece)
