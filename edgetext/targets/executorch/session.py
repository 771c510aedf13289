"""A `.pte` artifact in ExecuTorch."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from executorch.version import __version__

from edgetext.core.errors import EdgetextError
from edgetext.core.native_quiet import native_quiet
from edgetext.model.contract import GOLDEN, METADATA, damaged, read_golden, read_metadata
from edgetext.targets.executorch.bindings import executorch_runtime, load_program
from edgetext.targets.executorch.target import RELEASES

TOKENIZE, FORWARD = "tokenize", "forward"


class ExecuTorchSession:
    """See target.Session."""

    def __init__(self, path: Path, content: bytes, threads: int = 1) -> None:
        source = str(path)
        with native_quiet():
            executorch_runtime(threads)
            try:
                self.program = load_program(content)
                metadata, golden = self.text(METADATA), self.text(GOLDEN)
                self.tokenize = self.program.load_method(TOKENIZE)
                # All methods of one program work in the same memory, so what the first gives would
                # have to be copied for a second one of the same.
                self.answering = load_program(content)
                self.forward = self.answering.load_method(FORWARD)
            except Exception as error:  # the bindings raise many kinds
                raise damaged(source, "ExecuTorch cannot read it") from error
        self.metadata = read_metadata(metadata, source)
        RELEASES.check(self.metadata.fields, __version__, source)
        self.golden = read_golden(golden, source, self.metadata)
        self.inputs = self.forward.metadata.num_inputs()
        self.source, self.most = source, self.metadata.max_bytes + 1
        # A program has one place for its outputs, whichever thread asks.
        self.alone = Lock()

    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        for text in texts:
            # ExecuTorch takes any shape of no more numbers than it has planned for, two rows of
            # five bytes as one text of ten.
            if text.ndim != 2 or text.shape[0] != 1 or not 0 < text.shape[1] <= self.most:
                raise EdgetextError(
                    f"{self.source}: it reads one text at a time, as uint8[1, n] with n from 1 to "
                    f"{self.most}, and was given {list(text.shape)}"
                )
        # PyTorch takes no array that it cannot write into.
        given = [torch.from_numpy(text.copy()) for text in texts]
        with self.alone:
            *pieces, truncated = run_in_place(self.tokenize, given)
            outputs = run_in_place(self.forward, pieces[: self.inputs])
            return tuple(output.numpy().copy() for output in (*outputs, truncated))

    def text(self, method: str) -> str:
        """The UTF-8 text that a constant method of the program returns."""
        (output,) = self.program.load_method(method).execute([])
        return bytes(output.numpy()).decode("utf-8")


def run_in_place(method: Any, given: list[torch.Tensor]) -> list[torch.Tensor]:
    """A method's outputs where it left them, until any method of the program runs; `execute` would
    have PyTorch copy each, which takes longer than NumPy does."""
    found: list[torch.Tensor] = method._method.call(given, clone_outputs=False)
    return found
