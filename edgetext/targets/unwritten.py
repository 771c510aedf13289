"""Runtimes that open no file, with the reason: why their names are refused."""

from __future__ import annotations

from collections.abc import Mapping

# findings/tract_nonzero_of_integers.sh shows both.
UNOPENED: Mapping[str, str] = {
    "tract": (
        "tract 0.23.9 loads no file of edgetext: it takes no NonZero of integers, and no Concat of "
        "what two NonZero have counted; take onnxruntime or, for a portable file, openvino"
    ),
}
