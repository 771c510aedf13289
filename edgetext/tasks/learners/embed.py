"""embed: a text's vector, by one tower of a match model, to search with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.models.network import Network
from edgetext.models.networks.bi_encoder import AnswerVector
from edgetext.registry import register
from edgetext.tasks.answers.embed import Embed
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import Labels, Numbers
from edgetext.text.encoding import Encoding
from edgetext.text.tokenization import Tokenization


@register("learner", "embed")
class EmbedLearner(Learner):
    """No labels, and nothing to learn: see Embed."""

    task = Embed()
    padded = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        raise EdgetextError(
            "task embed is not trained; train task match with `head: {type: bi_encoder}` and write "
            "one tower with `edgetext export --embed`"
        )

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {}

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        return AnswerVector(network)
