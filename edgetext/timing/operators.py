"""Where the time of one answer goes, by operator, as the runtime itself tells."""

from __future__ import annotations

from edgetext.predictor import Predictor
from edgetext.targets.target import Operators, Target
from edgetext.timing.inputs import arrays
from edgetext.timing.texts import Question


def profile(target: Target, predictor: Predictor, asked: Question) -> tuple[Operators, str]:
    """Give (operator, calls an answer, microseconds an answer), the longest time first, and a note.

    An empty list where nothing tells the times; the note says why, or how they were found.
    """
    return target.profile(predictor.path, predictor.session, arrays(predictor, asked))
