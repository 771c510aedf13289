"""Runtimes that no file is written for, with the reason: why `export` refuses their names."""

from __future__ import annotations

from collections.abc import Mapping

# findings/coremltools_long_integers.sh shows the first, silent: pieces would be others.
UNWRITTEN: Mapping[str, str] = {
    "coreml": (
        "Core ML: coremltools 9.0 does not convert the text graph: 64-bit integers, by which "
        "pieces are looked up, become 32-bit ones, aten.__and__.Scalar and aten.where.ScalarOther "
        "have no translation, and uint8 is no type of an input; take --target mobile"
    ),
}
