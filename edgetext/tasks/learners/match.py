"""match: one label a pair of texts, as whether they mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from edgetext.registry import register
from edgetext.tasks.answers.match import Match
from edgetext.tasks.learners.classify import ClassifyLearner
from edgetext.tasks.learners.pair import PairLearner


@register("learner", "match")
class MatchLearner(PairLearner, ClassifyLearner):
    """Labels, scores and target as of classify."""

    task = Match()
    learns_unlabeled = False
    few_scores = False
    padded = False
    embeds: ClassVar[Mapping[str, str]] = {"bi_encoder": "embed"}
