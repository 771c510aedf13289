"""Runtimes that no file is written for, and that open none, with the reason: why their names are
refused."""

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

# findings/tract_nonzero_of_integers.sh shows both.
UNOPENED: Mapping[str, str] = {
    "tract": (
        "tract 0.23.9 loads no file of edgetext: it takes no NonZero of integers, and no Concat of "
        "what two NonZero have counted; take onnxruntime or, for a portable file, openvino"
    ),
}
