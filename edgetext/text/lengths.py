"""Lengths that are known only when a text is read."""

from __future__ import annotations

import torch


def bound(length: int, least: int, most: int) -> None:
    """Tell torch.export between what numbers a length lies that depends on the text."""
    tell(length >= least)
    tell(length <= most)


def tell(condition: bool) -> None:
    """Tell torch.export what holds of such lengths, whatever the text."""
    # The first check imports a computer algebra system, for which an answer would wait.
    if torch.compiler.is_exporting():
        torch._check(condition)
