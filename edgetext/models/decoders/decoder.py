"""What every decoder says of its outputs."""

from __future__ import annotations

from torch import nn


class Decoder(nn.Module):
    """From a network's scores of one text to its task's outputs.

    rows: which of the outputs, by number, have a row for each thing in the text and no leading 1
    yet, which the pipeline adds. count: how many outputs there are.
    """

    rows: tuple[int, ...] = ()
    count: int = 1
