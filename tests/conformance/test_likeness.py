"""Equal, near, borderline, other."""

from dataclasses import replace

import pytest

from edgetext.conformance.likeness import (
    BORDERLINE,
    EQUAL,
    NEAR,
    OTHER,
    cut,
    difference,
    gap,
    likeness,
)
from edgetext.conformance.reference import reference
from edgetext.tasks.answers.embed import VectorAnswer
from edgetext.tasks.answers.multi import PartsAnswer


@pytest.fixture(scope="module")
def truth(classify):
    return reference(classify, 0)


def answered(truth, by):
    """The first answer with its score moved, or with another label."""
    answer = truth.answers[0]
    if by is None:
        other = next(name for name in answer.scores if name != answer.intent)
        return replace(answer, intent=other, scores={})
    return replace(answer, score=answer.score - by, scores={})


@pytest.mark.parametrize(
    ("by", "settled", "expected"),
    [
        (0, True, EQUAL), (0.0009, True, EQUAL), (0.002, True, NEAR), (0.049, True, NEAR),
        (0.06, True, OTHER), (0.06, False, BORDERLINE), (None, True, OTHER),
        (None, False, BORDERLINE),
    ],
)  # fmt: skip
def test_likeness(truth, by, settled, expected):
    truth.settled[0] = settled
    assert likeness(truth, 0, answered(truth, by)) == expected


def test_the_gap_is_that_of_all_numbers_or_of_the_score(truth):
    answer = truth.answers[0]
    moved = {name: score + 0.25 for name, score in answer.scores.items()}
    assert gap(answer, replace(answer, scores=moved)) == pytest.approx(0.25)
    assert gap(answer, replace(answer, scores={})) == 0
    assert gap(VectorAnswer((0.6, 0.8)), VectorAnswer((0.6, 0.5))) == pytest.approx(0.3)
    parts = [PartsAnswer({"a": VectorAnswer((x,)), "b": answer}) for x in (0.1, 0.3)]
    assert gap(*parts) == pytest.approx(0.2)


def test_what_differs_is_said_in_words(truth):
    words = difference(truth, 0, answered(truth, None), 200)
    assert words.startswith("answers '") and f" instead of '{truth.answers[0].intent}" in words
    # Of a score that is told with three digits, the fourth.
    words = difference(truth, 0, answered(truth, 0.00001), 200)
    assert words.count("{'intent': ") == 2
    assert cut("abcdef", 3) == "abc…" and cut("abc", 3) == "abc"
