"""Replaying the golden examples that an artifact carries."""

from __future__ import annotations

from dataclasses import dataclass

from edgetext.model.contract import GoldenExample
from edgetext.predictor import Predictor
from edgetext.tasks.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Replay:
    """One golden example, what the runtime answered, and whether that counts as the same."""

    example: GoldenExample
    answer: Prediction
    same: bool


def replay(predictor: Predictor) -> list[Replay]:
    """Every golden example of the artifact, in its order."""
    answers = predictor.predict_many([example.texts for example in predictor.golden])
    agree = predictor.task.agree
    return [
        Replay(example, answer, agree(example.expected, answer))
        for example, answer in zip(predictor.golden, answers, strict=True)
    ]
