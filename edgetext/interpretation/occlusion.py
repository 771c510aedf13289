"""What an answer loses where a part of the text is left out: for files of any runtime.

Occlusion as of Zeiler & Fergus (2014, §4.1), of words in the place of image patches: each part in
turn becomes spaces, so that all others keep their bytes, and its weight is what the goal loses.
"""

from __future__ import annotations

from collections.abc import Callable

from edgetext.interpretation.explanation import Explanation, Part
from edgetext.interpretation.units import without
from edgetext.interpretation.worths import Texts, worths_of
from edgetext.predictor import Predictor
from edgetext.tasks.explaining import Goal
from edgetext.tasks.prediction import Prediction

# Texts that are asked at once, between two steps of a bar of progress.
TOGETHER = 64
Ranges = Callable[[bytes], list[tuple[int, int]]]


def explain_by_occlusion(
    predictor: Predictor,
    texts: Texts,
    answer: Prediction,
    goal: Goal,
    ranges: Ranges,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Explanation:
    """Weigh the parts of the texts by what the goal loses without each.

    ranges: cuts a text into the parts. advance: told how many runs are done, and of how many. A
    batch file answers many variants in a run.
    """
    places = [(whose, *part) for whose, text in enumerate(texts) for part in ranges(text)]
    variants = [_left_out(texts, *place) for place in places]
    variants.append(_nothing_left(texts, ranges))
    worths: list[float] = []
    for begin in range(0, len(variants), TOGETHER):
        worths += worths_of(predictor, variants[begin : begin + TOGETHER], goal)
        advance(len(worths), len(variants))
    whole = predictor.task.worth(answer, goal)
    *each, nothing = worths
    weights = [whole - worth for worth in each]
    parts = tuple(Part(*place, weight) for place, weight in zip(places, weights, strict=True))
    return Explanation(
        model=str(predictor.path),
        answer=answer,
        goal=goal,
        texts=texts,
        parts=parts,
        method="occlusion",
        unit="what is lost of its probability, or of the range",
        change=whole - nothing,
        missing=whole - nothing - sum(weights),
    )


def _left_out(texts: Texts, whose: int, start: int, end: int) -> Texts:
    return tuple(
        without(text, [(start, end)]) if number == whose else text
        for number, text in enumerate(texts)
    )


def _nothing_left(texts: Texts, ranges: Ranges) -> Texts:
    return tuple(without(text, ranges(text)) for text in texts)
