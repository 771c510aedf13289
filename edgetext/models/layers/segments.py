"""Several texts end to end, in the place of a matrix with a row a text.

Most layers treat each place by itself, or with its neighbours: for them the pieces of several texts
stand end to end, float[1, P, D], and between two texts are as many places of zeros as a window
reaches over. What sees a whole text, as attention and pooling do, asks for rows. Each function
takes a Segments or what else a mask can be, bool[B, T] or None, for which it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import embedding

# Takes a piece's share of a softmax away; see Rows.
HIDDEN = -40.0


class Rows(NamedTuple):
    """Texts that have a row each.

    place: int64[B, T], where the pieces of each text are, its first one again where it has no more;
    mask: bool[B, T], where it has; hidden: float[B, T], 0 there and else HIDDEN, what is added to
    the scores of pieces before a softmax.

    Since a piece that stands again has no higher score than the highest, its share is e^HIDDEN at
    most, which float32 does not see beside a sum of 1. Minus infinity would say the same, but with
    it a softmax takes ONNX Runtime four times as long: see
    findings/onnxruntime_softmax_of_masked_scores.sh.
    """

    place: Tensor
    mask: Tensor
    hidden: Tensor

    def of(self, x: Tensor) -> Tensor:
        """Give float[1, P, D] as float[B, T, D]."""
        return embedding(self.place, x.squeeze(0))


class Segments(NamedTuple):
    """Where texts stand end to end.

    inside: bool[1, P], where pieces are, and between: int64[G], the places where none are; text,
    position: int64[P], of which text each is, and how many of its pieces come before; rows: of the
    texts; row: int64[P], where each place is in them, counted over all, any where nothing is
    inside.
    """

    inside: Tensor
    between: Tensor
    text: Tensor
    position: Tensor
    rows: Rows
    row: Tensor


# True at real pieces; None where all are; or where texts stand end to end.
Mask = Tensor | Segments | None


def inside(mask: Mask) -> Tensor | None:
    """Give what is True at real pieces."""
    return mask.inside if isinstance(mask, Segments) else mask


def as_rows(x: Tensor, mask: Mask) -> tuple[Tensor, Tensor | None]:
    """Give a row a text, float[B, T, D], and its mask bool[B, T]; None where there is none."""
    if not isinstance(mask, Segments):
        return x, mask
    return mask.rows.of(x), mask.rows.mask


def by_rows(of_rows: Callable[..., Tensor], mask: Mask, *given: Tensor) -> Tensor:
    """Give what `of_rows(mask, *rows)` makes of rows, float[B, T, D], to each piece: float[1, P,
    D]. It is given Rows.hidden in the place of a mask where there are Segments."""
    if not isinstance(mask, Segments):
        return of_rows(mask, *given)
    rows = mask.rows
    answer = of_rows(rows.hidden, *map(rows.of, given))
    return answer.flatten(0, 1).index_select(0, mask.row).unsqueeze(0)


def at_pieces(x: Tensor, mask: Mask) -> Tensor:
    """Give each text's vector, float[B, 1, D], to all its pieces: float[1, P, D], or as it is where
    texts have rows and it spreads over them by itself."""
    if not isinstance(mask, Segments):
        return x
    return x.squeeze(1).index_select(0, mask.text).unsqueeze(0)
