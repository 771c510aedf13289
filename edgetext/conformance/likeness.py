"""How like the checkpoint's answer an engine's is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

import numpy as np

from edgetext.conformance.reference import Reference
from edgetext.tasks.prediction import Prediction

# The same answer, with every number within EXACT; the same, with a score within
# tasks.judging.SCORE_TOLERANCE; another, where the checkpoint itself answers otherwise under
# another rounding, or nearly ties; another, or none that the contract allows.
EQUAL, NEAR, BORDERLINE, OTHER = LIKENESSES = ("equal", "near", "borderline", "other")
# What is written with three digits is the same. Golden answers have vectors so.
EXACT = 1e-3
SHOWN = 40  # characters of an answer in a sentence


class MalformedAnswer(Exception):  # noqa: N818 (a fault of the host, told in its cell)
    """An answer that the contract does not allow; the message says what is wrong with it."""


def likeness(truth: Reference, index: int, answer: Prediction) -> str:
    """Say which of LIKENESSES an answer to a question is; `truth.settled` decides between the last
    two."""
    expected, task = truth.answers[index], truth.predictor.task
    if not task.agree(expected, answer):
        return OTHER if truth.settled[index] else BORDERLINE
    return EQUAL if task.same(expected, answer) and gap(expected, answer) <= EXACT else NEAR


def gap(one: Prediction, other: Prediction) -> float:
    """Give the largest difference of a number in two answers; that of the scores where one of them
    does not have all, as golden answers have not."""
    pairs = list(zip_longest(one.numbers(), other.numbers(), fillvalue=None))
    both = [abs(a - b) for a, b in pairs if a is not None and b is not None]
    if len(both) < len(pairs):
        return abs(one.score - other.score)
    return max(both, default=0.0)


def read_outputs(truth: Reference, index: int, outputs: Mapping[str, np.ndarray]) -> Prediction:
    """Read a model's outputs, by name, as the answer to a question.

    MalformedAnswer for what the contract does not allow.
    """
    for name, kind in truth.kinds.items():
        if name not in outputs:
            raise MalformedAnswer(f"an answer without the output {name}")
        if outputs[name].dtype != kind:
            raise MalformedAnswer(f"an answer whose {name} is {outputs[name].dtype}, not {kind}")
    try:
        answer = truth.predictor.decode(tuple(outputs[name] for name in truth.kinds))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"an answer that cannot be read ({error!r})") from error
    return check_answer(truth, index, answer)


def check_answer(truth: Reference, index: int, answer: Prediction) -> Prediction:
    """Give the answer; MalformedAnswer where a probability is none, or bytes lie outside the
    question's text."""
    fault = answer.fault(max(1, len(truth.questions[index].texts[-1])))
    if fault:
        raise MalformedAnswer(fault)
    return answer


def difference(truth: Reference, index: int, answer: Prediction, most: int = SHOWN) -> str:
    """Say in words what was answered instead of what, each cut to so many characters."""
    text = truth.questions[index].texts[-1]
    both = [each.as_line(text) for each in (answer, truth.answers[index])]
    if both[0] == both[1]:
        # People are told less than the answers differ in.
        both = [str(each.json_fields(text, 1)) for each in (answer, truth.answers[index])]
    return f"answers {cut(both[0], most)!r} instead of {cut(both[1], most)!r}"


def cut(text: str, most: int = SHOWN) -> str:
    """Shorten a text to so many characters."""
    return text if len(text) <= most else text[:most] + "…"
