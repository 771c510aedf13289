"""What a checkpoint has become since it was trained: the `variant` of its header.

"full", "distilled", "pruned", "int8", "int4" (some of its layers in 4 bits), or the scheme of a
user's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PRUNED = "pruned"
INT8, INT4 = "int8", "int4"
# Variants whose weights are integers, beside the names of schemes of a user's own. A file of
# edgetext 0.1 says "int8" where some have 4 bits.
QUANTIZED = (INT8, INT4)


def is_quantized(fields: Mapping[str, Any]) -> bool:
    """Tell by its metadata whether an artifact's weights are integers."""
    return fields.get("variant") in QUANTIZED or bool(fields.get("quantization"))


def quantized_variant(schemes: Iterable[str]) -> str:
    """Name the variant of a quantized network: after the scheme of some of its layers that is not
    int8; int8 where all are."""
    return next((scheme for scheme in schemes if scheme != INT8), INT8)
