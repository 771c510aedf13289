"""Lengths that are known only when a text is read."""

from __future__ import annotations

import torch


def bound(length: int, least: int, most: int) -> None:
    """Tell torch.export between what numbers a length lies that depends on the text."""
    if not torch.compiler.is_exporting():
        # The first check imports a computer algebra system, for which an answer would wait.
        return
    torch._check(length >= least)
    torch._check(length <= most)
