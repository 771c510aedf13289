"""TensorBoard: scalars, texts, the embedding, the graph and the recipe, as its event files."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.dotted import dotted
from edgetext.core.errors import EdgetextError
from edgetext.registry import register
from edgetext.training.monitors.monitor import End, Epoch, Monitor, Start, Step

# What the embedding is called in the projector.
PROJECTED = "pieces"


@register("monitor", "tensorboard")
class TensorBoardMonitor(Monitor):
    """Write TensorBoard's event files into the folder of the run.

    tensorboard --logdir FOLDER shows one run, and a folder above several beside each other.
    """

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        every: int = Field(10, ge=1, description="steps a point of a curve")
        samples: int = Field(8, ge=0, description="validation texts whose answers are shown")
        pieces: int = Field(2000, ge=0, description="rows of the embedding to project; 0 = none")
        graph: bool = Field(True, description="whether the network's graph is drawn")

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._writer: Any = None
        self._start: Start | None = None

    def on_start(self, start: Start) -> None:
        """Open the event file; points after the step at which the run goes on are taken back."""
        if start.folder is None:
            return
        writer_class = _writer_class()
        _hush_writer()
        start.folder.mkdir(parents=True, exist_ok=True)
        if start.step == 0:
            _clear(start.folder)
        purged = start.step + 1 if start.step else None
        self._start = start
        self._writer = writer_class(str(start.folder), purge_step=purged, max_queue=1000)
        if start.step == 0:
            recipe = json.dumps(start.recipe, indent=2, ensure_ascii=False)
            self._writer.add_text("recipe", _block(recipe), 0)
            if self.config.graph:
                from edgetext.training.monitors.drawn_network import add_graph

                add_graph(self._writer, start.network)

    def on_step(self, step: Step) -> None:
        """Note the loss, the rate and the gradients' norm."""
        if self._writer is None or step.step % self.config.every:
            return
        self._writer.add_scalar("train/loss", step.loss.detach(), step.step)
        self._writer.add_scalar("train/learning_rate", step.learning_rate, step.step)
        if step.gradient_norm is not None:
            self._writer.add_scalar("train/gradient_norm", step.gradient_norm, step.step)

    def on_epoch(self, epoch: Epoch) -> None:
        """Note the metrics, the weights' norm, and what some texts are answered."""
        if self._writer is None or self._start is None:
            return
        for name, value in epoch.metrics.items():
            self._writer.add_scalar(f"valid/{name}", value, epoch.step)
        self._writer.add_scalar("train/weight_norm", epoch.weight_norm, epoch.step)
        self._writer.add_scalar("train/epoch_loss", epoch.loss, epoch.step)
        if self.config.samples:
            rows = self._start.samples()[: self.config.samples]
            table = "\n\n".join(f"{sample.text}\n\n{sample.answer}" for sample in rows)
            if table:
                self._writer.add_text("valid/answers", _block(table), epoch.step)
        self._writer.flush()

    def on_end(self, end: End) -> None:
        """Add the embedding as it became, and the recipe's numbers beside the figures."""
        if self._writer is None or self._start is None:
            return
        if end.status == "done":
            figures = {f"kept/{name}": value for name, value in end.metrics.items()}
            _add_parameters(self._writer, self._start.recipe, figures)
            self._add_embedding(self._start, end)
        self._writer.close()
        self._writer = None

    def _add_embedding(self, start: Start, end: End) -> None:
        from edgetext.training.monitors.drawn_network import table_of

        table = table_of(start.network, len(start.pieces))
        most = self.config.pieces
        if table is None or not most:
            return
        # TensorBoard separates them by line and tab.
        names = [json.dumps(piece, ensure_ascii=False)[1:-1] for piece in start.pieces[:most]]
        self._writer.add_embedding(table[:most], names, global_step=end.kept, tag=PROJECTED)


def _writer_class() -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise EdgetextError(
            "monitor type tensorboard needs the package tensorboard; add it with `pip install "
            "'edgetext[tensorboard]'`, or leave it out of `monitors`"
        ) from error
    return SummaryWriter


def _hush_writer() -> None:
    """Let TensorBoard's thread print no traceback when it cannot write: what it ran into is raised
    again in ours, and told there in a sentence."""
    hook = threading.excepthook
    if getattr(hook, "hushes_writer", False):
        return

    def hushed(failure: threading.ExceptHookArgs) -> None:
        if type(failure.thread).__name__ != "_AsyncWriterThread":
            hook(failure)

    hushed.hushes_writer = True  # type: ignore[attr-defined]
    threading.excepthook = hushed


def _clear(folder: Path) -> None:
    """Delete what an earlier run left: its events and its embeddings, each in a folder that is
    called by the epoch in five digits."""
    for pattern in ("events.out.tfevents.*", "projector_config.pbtxt"):
        for file in folder.glob(pattern):
            file.unlink()
    for embedding in folder.glob(f"[0-9][0-9][0-9][0-9][0-9]/{PROJECTED}"):
        shutil.rmtree(embedding)


def _block(text: str) -> str:
    """Write a text as it is, in Markdown: a line with four blanks in front is code."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _add_parameters(writer: Any, recipe: Mapping[str, Any], figures: Mapping[str, float]) -> None:
    """Add the recipe's values by their dotted names, as the tab "HParams" has them."""
    kinds = bool | int | float | str
    values = {name: value for name, value in dotted(recipe) if isinstance(value, kinds)}
    writer.add_hparams(values, dict(figures), run_name=".")
