"""Scripts that are written without spaces between words."""

from __future__ import annotations

# Blocks of Unicode: Thai and Lao, Burmese, Khmer, kana, Chinese ideographs.
_BLOCKS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
)


def without_space(one: str, other: str) -> bool:
    """Whether two characters that meet at a word's end are written without a space there."""
    return _is_spaceless(one) and _is_spaceless(other)


def _is_spaceless(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _BLOCKS)
