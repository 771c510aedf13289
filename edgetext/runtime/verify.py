"""Replaying the golden examples that an artifact carries."""

from __future__ import annotations

from dataclasses import dataclass

from edgetext.runtime.contract import GoldenExample, agree
from edgetext.runtime.prediction import Prediction
from edgetext.runtime.predictor import Predictor


@dataclass(frozen=True, slots=True)
class Replay:
    """One golden example, what the runtime answered, and whether that counts as the same."""

    example: GoldenExample
    found: Prediction
    same: bool


def replay(predictor: Predictor) -> list[Replay]:
    """Every golden example of the artifact, in its order."""
    found = [(example, predictor.predict(example.text)) for example in predictor.golden]
    return [Replay(example, answer, agree(example.expected, answer)) for example, answer in found]
