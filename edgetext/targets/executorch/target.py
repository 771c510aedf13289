"""ExecuTorch: `.pte` programs, whose networks XNNPACK runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.quiet import native_quiet
from edgetext.model.seal import TRAILER
from edgetext.registry import register
from edgetext.targets.file_format import FileFormat
from edgetext.targets.releases import Releases
from edgetext.targets.target import Target

if TYPE_CHECKING:
    from edgetext.model.checkpoint import Checkpoint
    from edgetext.targets.target import Session

# The same program without XNNPACK, every operator being ExecuTorch's own portable kernel.
PORTABLE = "executorch, portable"
RELEASES = Releases("ExecuTorch", "executorch", oldest="1.4.0", unsaid="1.4.0")


@register("target", "executorch")
class ExecuTorch(Target):
    """Write programs with methods `tokenize` and `forward`, and run them."""

    name = "executorch"
    title = "ExecuTorch"
    formats = (FileFormat(".pte", magic=b"ET12", magic_at=4, seal_prefix=TRAILER),)
    label = "executorch"
    releases = RELEASES
    deployments = ("mobile",)

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        from edgetext.targets.executorch.session import ExecuTorchSession

        return ExecuTorchSession(path, content, threads)

    def check(self, checkpoint: Checkpoint, source: str) -> None:
        from edgetext.targets.executorch.limits import check_executorch

        check_executorch(checkpoint, source)

    def write(
        self, suffix: str, checkpoint: Checkpoint, texts: Mapping[str, str], way: str = ""
    ) -> bytes:
        with native_quiet():
            from edgetext.targets.executorch.write import to_executorch

            if way == PORTABLE:
                # Their operators of int8, which ExecuTorch's core lacks.
                from executorch.kernels import quantized  # noqa: F401
        return to_executorch(checkpoint, texts, delegate=way != PORTABLE)

    def card_note(self, max_bytes: int) -> str:
        return (
            "In a `.pte`, method `tokenize` takes the same (at most the first "
            f"{max_bytes + 1} bytes) and gives what `forward` takes, and `truncated` last."
        )
