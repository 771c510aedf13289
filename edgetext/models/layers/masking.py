"""Padding kept out of a batch's arithmetic.

Each function takes `mask` bool[B, T] (True at real pieces) or None. None means that no piece is
padding: the exported network of one text runs so and pays no operation for it. In the place of a
mask there may be Segments, which tell where texts stand end to end.
"""

from __future__ import annotations

import torch
from torch import Tensor

from edgetext.models.layers.segments import Mask, inside


def zero_padding(x: Tensor, mask: Mask) -> Tensor:
    """x float[B, T, D] with zeros at padding."""
    kept = inside(mask)
    return x if kept is None else x * kept.unsqueeze(-1).to(x.dtype)


def hide_padding(scores: Tensor, mask: Tensor | None) -> Tensor:
    """scores float[B, T, D] with -inf at padding, for a maximum or a softmax over T."""
    if mask is None:
        return scores
    # Added, since PyTorch fills a value at a time on a CPU, which takes three times as long.
    hidden = torch.zeros_like(mask, dtype=scores.dtype).masked_fill_(~mask, float("-inf"))
    return scores + hidden.unsqueeze(-1)


def hide_keys(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Keep padding out of a softmax over the last dimension of scores float[B, (heads,) T, T].

    mask: bool[B, T], or Rows.hidden.
    """
    if mask is None:
        return scores
    keys = mask.unflatten(1, (*[1] * (scores.dim() - 2), -1))
    if mask.dtype == torch.bool:
        return scores.masked_fill(~keys, float("-inf"))
    return scores + keys


def window(x: Tensor, width: int, mask: Mask, causal: bool = False) -> Tensor:
    """Each position beside its neighbours: float[B, T, D] -> float[B, T, width * D].

    `width` is odd; outside the text stand zeros. A Linear after it is a convolution, spelled so
    because int8 compression works on Linear. causal: the neighbours are those before it alone.
    """
    if width == 1:
        return x
    after = 0 if causal else width // 2
    padded = torch.nn.functional.pad(zero_padding(x, mask), (0, 0, width - 1 - after, after))
    # Ends counted from the end need no operator that works out a length.
    ends = [i + 1 - width or None for i in range(width)]
    return torch.cat([padded[:, i:end] for i, end in enumerate(ends)], dim=-1)


def hide_later(scores: Tensor) -> Tensor:
    """float[T, T] to add to attention's scores [..., T, T]: 0, and -1e4 where a column comes after
    its row.

    In floating point, because XNNPACK then keeps it.
    """
    position = torch.arange(scores.shape[-1], device=scores.device).to(torch.float32)
    later = torch.clamp(position.unsqueeze(0) - position.unsqueeze(1), 0, 1) * -1e4
    return later.to(scores)
