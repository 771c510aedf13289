"""PyTorch: the checkpoint itself, answering by the modules that the others' files are made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.registry import register
from edgetext.targets.file_format import FileFormat
from edgetext.targets.target import Target

if TYPE_CHECKING:
    from edgetext.targets.target import Session


@register("target", "pytorch")
class PyTorch(Target):
    """Run checkpoints, which the trainer and not `export` writes."""

    name = "pytorch"
    title = "PyTorch"
    formats = (FileFormat(".pt", magic=b"PK\x03\x04"),)

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        from edgetext.targets.pytorch.session import PyTorchSession

        return PyTorchSession(path)
