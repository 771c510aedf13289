"""Where the time of one answer goes, by operator, as the runtime itself tells."""

from __future__ import annotations

from pathlib import Path

from edgetext.predictor import load
from edgetext.targets.catalog import owner
from edgetext.targets.target import Operators
from edgetext.timing.inputs import arrays
from edgetext.timing.texts import Question


def profile(path: Path, asked: Question) -> tuple[Operators, str]:
    """(operator, calls an answer, microseconds an answer), the longest time first, and a note.

    An empty list where nothing tells the times; the note says why, or how they were found.
    """
    predictor = load(path)
    return owner(path.suffix).profile(path, predictor.session, arrays(predictor, asked))
