"""onnx's reference evaluator: portable `.onnx` files by the letter of the standard, slowly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.registry import register
from edgetext.targets.onnx.target import ONNX
from edgetext.targets.target import Target

if TYPE_CHECKING:
    from edgetext.targets.target import Session


@register("target", "reference")
class Reference(Target):
    """Run portable files in NumPy, each operator as onnx itself defines it."""

    name = "reference"
    title = "onnx's reference evaluator"
    package = "onnx"
    also_opens = (ONNX,)
    concurrent = True

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        from edgetext.targets.reference.session import ReferenceSession

        return ReferenceSession(path, content)
