"""The network of a checkpoint alone, in eager PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import torch

from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.targets.target import Call, Question


def network_alone(session: PyTorchSession) -> Callable[[Question], Call]:
    """See Target.network."""
    pipeline = session.pipeline

    def prepare(question: Question) -> Call:
        with torch.inference_mode():
            pieces = pipeline.read(*(torch.from_numpy(text) for text in question))
            pieces = pieces[: pipeline.answer.takes]

        @torch.inference_mode()
        def call() -> object:
            return pipeline.answer(*pieces)

        return call

    return prepare
