"""What a checkpoint has become since it was trained: its header's `variant`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INT8, INT4 = "int8", "int4"
# Variants whose weights are integers. A file of edgetext 0.1 says "int8" where some have 4 bits.
QUANTIZED = (INT8, INT4)


def is_quantized(header: Mapping[str, Any]) -> bool:
    """Tell whether a checkpoint's, or an artifact's, weights are integers."""
    return header.get("variant") in QUANTIZED


def quantized_variant(four_bits: object) -> str:
    """Name the variant of a network some of whose layers have 4 bits, or none of them."""
    return INT4 if four_bits else INT8
