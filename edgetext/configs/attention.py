"""Checks of the fields that several encoders have for their attention."""

from __future__ import annotations


def check_attention(heads: int, attention_after: int | None, layers: int) -> None:
    """Check where an attention layer stands among an encoder's layers; ValueError in words."""
    if attention_after is None:
        return
    if attention_after > layers:
        raise ValueError(f"attention_after ({attention_after}) must not exceed layers ({layers})")
    if not heads:
        raise ValueError("attention_after needs an attention layer; set heads")


def check_window(window: int | None, heads: int, causal: bool = False) -> None:
    """Check that an encoder has the attention that its `attention_window` is of; ValueError in
    words."""
    if window is None:
        return
    if not heads:
        raise ValueError("attention_window needs an attention layer; set heads or leave it out")
    if causal:
        # Its windows lie where the text's end allows, which a piece before it must not tell.
        raise ValueError("attention_window is not for causal encoders; leave one of the two out")
