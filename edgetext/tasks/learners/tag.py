"""tag: labeled spans of a text, such as entities or parts of speech."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.tag_labels import read_labels
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.labels import TagDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.tag import Tag
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.losses import label_loss, soft_label_loss
from edgetext.tasks.learning import BatchLike, Labels, Numbers
from edgetext.tasks.words import align, tag_names
from edgetext.text.encoding import Encoding


@register("learner", "tag")
class TagLearner(Learner):
    """labels {"intent": [], "tags": ["O", "B-x", "I-x", ...]}; scores and target "tags"."""

    task = Tag()
    learns_unlabeled = True
    few_scores = True
    padded = True
    several = True
    takes_hashed = True
    by_gradients = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        tags = tag_names(examples)
        if len(tags) == 1:
            raise EdgetextError("the training split has no spans; give data with labeled spans")
        return {"intent": [], "tags": tags}

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {"intent": [], "slots": list(read_labels(labels["tags"]).slots)}

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {"tags": align(example, encoding, numbers["tags"])}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        return label_loss(scores["tags"], batch.targets["tags"], config.label_smoothing)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        here, there = batches[0].first, batches[1].first
        return soft_label_loss(scores["tags"][here], teacher["tags"][there], temperature)

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the mean, over the span's words, of the logarithm of the label's probability there:
        what a span's label is chosen by."""
        known = read_labels(labels["tags"])
        number = known.slots.index(goal.label)
        tags = [tag for tag, slot in enumerate(known.slot) if slot == number]
        inside = (encoding.start >= goal.start) & (encoding.end <= goal.end)
        inside &= encoding.start < encoding.end
        # Some published models label pieces, so that a span may begin inside a word.
        begins = inside & encoding.first
        pieces = np.flatnonzero(begins if begins.any() else inside).tolist()
        chances = scores["tags"][:, pieces].log_softmax(dim=-1)[:, :, tags]
        return chances.logsumexp(dim=-1).mean(dim=-1)

    def decoder(self, labels: Labels) -> Decoder:
        return TagDecoder(len(labels["tags"]))
