"""What every decoder says of its outputs."""

from __future__ import annotations

from torch import nn


class Decoder(nn.Module):
    """From a network's scores of one text to its task's outputs.

    rows: which of the outputs, by number, have a row for each thing in the text and no leading 1
    yet, which the pipeline adds. count: how many outputs there are. One with `of_batch` decodes
    several texts at once: (their scores, their models.batch.Words) -> the same outputs, those with
    rows as one, the number of its text first in each.
    """

    rows: tuple[int, ...] = ()
    count: int = 1
