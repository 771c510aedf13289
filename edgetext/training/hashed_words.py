"""Words that a recipe has hashed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from edgetext.core.errors import EdgetextError
from edgetext.recipe import HashedConfig, TextConfig
from edgetext.tasks.learner import Learner
from edgetext.text.clusters import AUTO
from edgetext.text.hashed.folding import Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.look_alikes import own_scripts


def hashed_words(
    text: TextConfig,
    hashed: HashedConfig,
    learners: Mapping[str, Learner],
    texts: Callable[[], Collection[str]],
) -> HashedWords:
    """Make what hashes words as the recipe says; EdgetextError for a task that needs pieces, and
    for rules that bytes do not tell.

    learners: of the task, or of the tasks that it is made of. texts: gives the training texts,
    whose scripts stay what they are where look-alikes do not.
    """
    unable = [task for task, learner in learners.items() if not learner.takes_hashed]
    if unable:
        raise EdgetextError(
            f"text.hashed: task {unable[0]} needs pieces; remove text.hashed, so that it has a "
            "vocabulary"
        )
    for name in pieces_alone(text):
        raise EdgetextError(
            f"text.{name}: words that are hashed are told apart by their bytes alone; remove it or "
            "text.hashed"
        )
    folding = Folding(own_scripts(texts())) if text.look_alikes else None
    grams = Grams(hashed.buckets, tuple(hashed.lengths), text.lowercase)
    return HashedWords(grams, folding, pairs=hashed.pairs)


def pieces_alone(text: TextConfig) -> list[str]:
    """Name the fields of a recipe's section that ask for what pieces alone can do."""
    asked = {
        "vocabulary_file": text.vocabulary_file is not None,
        "keep_accents": text.keep_accents,
        "clusters": text.clusters not in (AUTO, False, []),
        "fold_width": text.fold_width,
    }
    return [name for name, chosen in asked.items() if chosen]
