"""What cuts training words at random, where a recipe asks for it: `training.segmentation`."""

from __future__ import annotations

from edgetext.core.errors import EdgetextError
from edgetext.tasks.learner import Learner
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.random_cuts import RandomCuts
from edgetext.text.tokenization import Tokenization
from edgetext.text.vocabulary import Vocabulary


def random_cuts(
    segmentation: float, learner: Learner, vocabulary: Tokenization
) -> RandomCuts | None:
    """Make what cuts words as `training.segmentation` says; None where it is 0.

    EdgetextError for a task whose answers are pieces, and for words without pieces of a vocabulary
    that edgetext trained.
    """
    if not segmentation:
        return None
    if learner.same_pieces:
        raise EdgetextError(
            f"training.segmentation: task {learner.task.name} learns which piece comes next, and "
            "would learn pieces that its texts are never cut into; leave it out"
        )
    if isinstance(vocabulary, Vocabulary):
        return RandomCuts(vocabulary, segmentation)
    if isinstance(vocabulary, HashedWords):
        raise EdgetextError(
            "training.segmentation: words that are hashed have no pieces to cut; leave it out, or "
            "give a model of pieces"
        )
    raise EdgetextError(
        "training.segmentation: a tokenizer that edgetext did not train cuts words in one way; "
        "leave it out, or give a vocabulary by `text` or `student.text`"
    )
