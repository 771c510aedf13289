"""What learners of two texts share."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from edgetext.data.example import Example
from edgetext.models.network import Network
from edgetext.models.networks.bi_encoder import AnswerTowers, BiEncoderNetwork
from edgetext.models.networks.cross_encoder import AnswerPair, PairPipeline, ReadPair
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import Labels, cut, encode_cut
from edgetext.text.encoding import Encoding
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.tokenization import Tokenization


class PairLearner(Learner):
    """Inputs `text` and `text_b`, each cut at `max_bytes`; see models.networks.cross_encoder for
    how they join."""

    several = False
    # No graph reads the words of two texts by their hashes.
    takes_hashed = False

    def encode(self, example: Example, vocabulary: Tokenization, max_bytes: int) -> Encoding:
        """Encode the pieces of both, the words' offsets each in its own text."""
        if isinstance(vocabulary, ImportedTokenizer):
            first, second = (cut(text, max_bytes) for text in example.texts)
            pair = vocabulary.encode_pair(first, second)
            return Encoding(pair.ids, pair.first, pair.start, pair.end)
        both = [encode_cut(vocabulary, text, max_bytes) for text in example.texts]
        return Encoding(
            **{
                name: np.concatenate([getattr(one, name) for one in both])
                for name in ("ids", "first", "start", "end")
            }
        )

    def first_stage(
        self, vocabulary: Tokenization, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        return ReadPair(vocabulary, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        stage = AnswerTowers if isinstance(network, BiEncoderNetwork) else AnswerPair
        return stage(network, self.decoder(labels))

    def pipeline(self, read: nn.Module, answer: Any) -> Any:
        return PairPipeline(read, answer)
