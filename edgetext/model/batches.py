"""Several texts as the two arrays that a batch file takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgetext.core.errors import EdgetextError

# So many texts a batch file takes in one call: what is faster no more, and what memory is known.
MOST_TEXTS = 256
INPUTS = ("text", "offsets")


def pack(texts: Sequence[bytes], max_bytes: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the bytes of all texts uint8[n] and where each begins and the last ends int64[B + 1].

    An empty text is one space, and of one that is too long a byte more than the model reads is
    left, which tells that there was more.
    """
    kept = [text[: max_bytes + 1] or b" " for text in texts]
    offsets = np.cumsum([0, *map(len, kept)], dtype=np.int64)
    return np.frombuffer(b"".join(kept), np.uint8), offsets


def check_arrays(text: np.ndarray, offsets: np.ndarray, most: int, source: str) -> None:
    """Raise EdgetextError where two arrays are not what the batch file `source` takes.

    most: how many texts it takes in a call; 0 where it is no batch file.
    """
    if not most:
        raise EdgetextError(
            f"{source}: the file answers one text a run; `edgetext export --target server --batch` "
            "writes one that answers several"
        )
    if text.dtype != np.uint8 or text.ndim != 1 or not len(text):
        raise EdgetextError(
            f"{source}: text is {text.dtype}{list(text.shape)}; give the bytes of all texts as one "
            "uint8[n] with n of 1 or more, an empty text as one space"
        )
    if offsets.dtype != np.int64 or offsets.ndim != 1 or len(offsets) < 2:
        raise EdgetextError(
            f"{source}: offsets is {offsets.dtype}{list(offsets.shape)}; give int64[B + 1], where "
            "each of B texts begins, 1 or more, and then where the last one ends"
        )
    if len(offsets) - 1 > most:
        raise EdgetextError(
            f"{source}: {len(offsets) - 1} texts in one call, and the file takes {most}; give "
            "them in several calls, or to `predict_many`, which does so"
        )
    falls = np.flatnonzero(np.diff(offsets) < 0)
    if offsets[0] != 0 or offsets[-1] != len(text) or len(falls):
        place = int(falls[0]) + 1 if len(falls) else 0 if offsets[0] != 0 else len(offsets) - 1
        raise EdgetextError(
            f"{source}: offsets[{place}] is {offsets[place]}, and text has {len(text)} bytes; "
            "offsets begin at 0, never fall and end at the number of bytes"
        )
