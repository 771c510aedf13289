"""What a student's text becomes: pieces of a vocabulary, or words that are hashed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgetext.recipe import HashedConfig, Recipe, TextConfig
from edgetext.tasks.learner import learner_of
from edgetext.training.hashed_words import pieces_alone

PIECES, HASHED = "pieces", "hashed"
# The n-grams of a student's hashed words, in bytes.
GRAMS = [2, 4]


def texts_of(recipe: Recipe, allowed: bool) -> tuple[str, ...]:
    """What a student's text may become, first what the recipe says; hashed words in the place of
    pieces where they are `allowed` and the recipe asks nothing of pieces that they cannot do."""
    assert recipe.student is not None
    text = recipe.student.text or recipe.text
    if text.hashed is not None:
        return (HASHED,)
    learner = learner_of(recipe.task)
    fits = learner.takes_hashed and not learner.same_pieces and not pieces_alone(text)
    return (PIECES, HASHED) if allowed and fits else (PIECES,)


def with_pieces(text: TextConfig, choice: Mapping[str, Any]) -> TextConfig:
    """The section with a vocabulary of the choice's size, or so many buckets where words are
    hashed."""
    size = choice["vocabulary"]
    hashed = text.hashed and text.hashed.model_copy(update={"buckets": size})
    if choice.get("text") == HASHED:
        hashed = HashedConfig(buckets=size, lengths=GRAMS)
    update = {"vocabulary": size, "vocabulary_file": None, "hashed": hashed}
    return text.model_copy(update=update)
