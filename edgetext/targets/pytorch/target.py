"""PyTorch: the checkpoint itself, answering by the modules that the others' files are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.registry import register
from edgetext.targets.file_format import FileFormat
from edgetext.targets.target import Call, Question, Target, Way

if TYPE_CHECKING:
    from edgetext.targets.target import Session
    from edgetext.tasks.prediction import Prediction

EAGER, COMPILED = "eager", "compiled"


@register("target", "pytorch")
class PyTorch(Target):
    """Run checkpoints, which the trainer and not `export` writes."""

    name = "pytorch"
    title = "PyTorch"
    package = "torch"
    formats = (FileFormat(".pt", magic=b"PK\x03\x04"),)
    ways = (Way(EAGER), Way(COMPILED, network=False, slow=True))

    def open(self, path: Path, content: bytes, threads: int) -> Session:
        from edgetext.model.model import Model
        from edgetext.targets.pytorch.session import PyTorchSession

        return PyTorchSession(Model.read(content, path))

    def anatomy(self, path: Path, session: Session) -> list[tuple[str, int]]:
        from edgetext.targets.pytorch.anatomy import of_network
        from edgetext.targets.pytorch.session import PyTorchSession

        assert isinstance(session, PyTorchSession)
        return of_network(session.model.network)

    def facts(self, path: Path) -> dict[str, Any]:
        from edgetext.model.checkpoint import Checkpoint

        history = Checkpoint.load(path).header.history
        return {"history": [step.command for step in history]}

    def start(self, way: str, threads: int) -> None:
        import torch

        import edgetext.targets.pytorch.session  # noqa: F401

        torch.set_num_threads(threads)

    def tune(self, session: Session, way: str) -> None:
        if way != COMPILED:
            return
        import torch

        from edgetext.targets.pytorch.session import PyTorchSession

        assert isinstance(session, PyTorchSession)
        torch._dynamo.config.capture_dynamic_output_shape_ops = True
        # The whole pipeline, and the network for batches.
        session.pipeline.compile(dynamic=True)
        session.pipeline.answer.network.compile(dynamic=True)

    def batch(
        self, path: Path, session: Session
    ) -> Callable[[Sequence[Sequence[str]]], Sequence[Prediction]] | None:
        from edgetext.targets.pytorch.batch import padded
        from edgetext.targets.pytorch.session import PyTorchSession

        assert isinstance(session, PyTorchSession)
        return padded(session)

    def network(
        self, path: Path, session: Session, threads: int, decoded: bool
    ) -> Callable[[Question], Call]:
        from edgetext.targets.pytorch.network import network_alone
        from edgetext.targets.pytorch.session import PyTorchSession

        assert decoded and isinstance(session, PyTorchSession)
        return network_alone(session)
