"""embed: a text's vector, to search with, or for a training to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.models.decoders.vector import ScoredVector
from edgetext.models.network import Network
from edgetext.models.networks.bi_encoder import AnswerVector, BiEncoderNetwork
from edgetext.registry import register
from edgetext.tasks.answers.embed import Embed
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import Labels, Numbers
from edgetext.text.encoding import Encoding
from edgetext.text.tokenization import Tokenization


@register("learner", "embed")
class EmbedLearner(Learner):
    """No labels: what there is to learn is another embedder's vectors. See Embed."""

    task = Embed()
    padded = True
    takes_hashed = True
    gives_vectors = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        raise EdgetextError(
            "task embed has no labels to train on; `edgetext pretrain` learns it from an embedder, "
            "and `edgetext export --embed` writes a tower of task match with "
            "`head: {type: bi_encoder}`"
        )

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {}

    def decoder(self, labels: Labels) -> ScoredVector:
        return ScoredVector()

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        if isinstance(network, BiEncoderNetwork):
            return AnswerVector(network)
        return super().second_stage(network, labels, vocabulary)
