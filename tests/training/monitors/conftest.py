"""What a training tells its monitors, made up."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from edgetext.training.monitors.monitor import Epoch, Sample, Start, Step


class Tiny(nn.Module):
    """Ids int64[B, T] to scores, with a table of three pieces."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(3, 4)
        self.output = nn.Linear(4, 2)

    def forward(self, ids):
        return {"intent": self.output(self.embedding(ids).mean(dim=1))}


@pytest.fixture
def start(tmp_path):
    recipe = {"name": "tiny", "training": {"epochs": 2, "schedule": "cosine"}, "head": None}
    return Start(
        "tiny", tmp_path / "tiny.run", recipe, Tiny(), epochs=2, steps=4,
        pieces=("[UNK]", "a\tb", "é"), samples=lambda: [Sample("<b>hi</b>", "greet 0.9")],
    )  # fmt: skip


def tell(monitor, start, until=8, end=None):
    """Tell a monitor of the steps after those that are done, up to a step, and of the epochs."""
    monitor.on_start(start)
    for number in range(start.step + 1, until + 1):
        epoch = (number - 1) // 4 + 1
        norm = torch.tensor(2.0 * number)
        monitor.on_step(Step(number, epoch, torch.tensor(1.0 / number), 0.1 * number, norm))
        if number % 4 == 0:
            figures = {"accuracy": 0.1 * number}
            monitor.on_epoch(Epoch(epoch, 2, number, 0.5 / epoch, figures, 3.0, 60.0))
    if end is not None:
        monitor.on_end(end)


@pytest.fixture
def told():
    return tell


@pytest.fixture
def going_on():
    """going_on(start, step) -> the start of a run of which so many steps are done."""
    return lambda start, step: replace(start, step=step)
