"""The network of a `.pte` file alone: its method `forward`, which decodes too."""

from __future__ import annotations

from collections.abc import Callable

import torch

from edgetext.targets.executorch.session import ExecuTorchSession, run_in_place
from edgetext.targets.target import Call, Question


def network_alone(session: ExecuTorchSession) -> Callable[[Question], Call]:
    """See Target.network."""

    def prepare(question: Question) -> Call:
        read = session.tokenize.execute([torch.from_numpy(text) for text in question])
        pieces = [piece.clone() for piece in read[: session.inputs]]
        return lambda: run_in_place(session.forward, pieces)

    return prepare
