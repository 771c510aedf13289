"""A checkpoint answering from bytes in eager PyTorch, by the very modules that are exported."""

from __future__ import annotations

import numpy as np
import torch

from edgetext.model.contract import GoldenExample
from edgetext.model.model import Model


class PyTorchSession:
    """See target.Session. A checkpoint carries no golden answers: it is what gives them.

    texts: those that it is to answer, one or two each.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.metadata = model.metadata()
        self.pipeline = model.pipeline()
        self.golden: list[GoldenExample] = []
        self.texts: list[tuple[str, ...]] = [
            (entry,) if isinstance(entry, str) else tuple(entry) for entry in model.header.golden
        ]

    @torch.inference_mode()
    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        # PyTorch takes no array that it cannot write into.
        given = [torch.from_numpy(text.copy()) for text in texts]
        return tuple(output.numpy() for output in self.pipeline(*given))
