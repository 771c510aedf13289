"""What a runtime cannot hold, said before anything is written."""

from __future__ import annotations

from edgetext.core.errors import EdgetextError
from edgetext.model.header import Header

# Encoders whose operators ExecuTorch lacks.
LACKING = ("lstm",)


def check_executorch(header: Header, source: str) -> None:
    """EdgetextError for a network that ExecuTorch cannot hold, with the nearest that it can."""
    if header.recipe["encoder"]["type"] in LACKING:
        raise EdgetextError(
            f"{source}: ExecuTorch has no LSTM whose length is known only when it runs, so this "
            f"model cannot become a .pte; distil it into a cnn or transformer first "
            f"(edgetext distill {source}), or export it for ONNX Runtime (--target server)"
        )
