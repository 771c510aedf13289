"""The suggestion that ends a message about an unknown name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean X?` for the known word that is most like this one, or nothing."""
    # Imported here because `import edgetext` comes by, and most programs suggest nothing.
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""
