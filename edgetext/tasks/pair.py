"""What the tasks that read two texts share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgetext.tasks.task import Labels, Task

if TYPE_CHECKING:
    from torch import nn

    from edgetext.data.example import Example
    from edgetext.models import Network
    from edgetext.text.vocabulary import Encoding, Vocabulary


class PairTask(Task):
    """Inputs `text` and `text_b`, each cut at `max_bytes`; see
    models.networks.cross_encoder for how they join."""

    inputs = ("text", "text_b")

    def encode(self, example: Example, vocabulary: Vocabulary, max_bytes: int) -> Encoding:
        """The pieces of both, the words' offsets each in its own text."""
        import numpy as np

        from edgetext.tasks.task import encode_cut
        from edgetext.text.vocabulary import Encoding

        both = [encode_cut(vocabulary, text, max_bytes) for text in example.texts]
        return Encoding(
            **{
                name: np.concatenate([getattr(one, name) for one in both])
                for name in ("ids", "first", "start", "end")
            }
        )

    def first_stage(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        from edgetext.models.networks.cross_encoder import ReadPair

        return ReadPair(vocabulary, max_bytes, for_executorch=for_executorch)

    def pipeline(self, read: nn.Module, answer: Any) -> Any:
        from edgetext.models.networks.cross_encoder import PairPipeline

        return PairPipeline(read, answer)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Vocabulary) -> Any:
        from edgetext.models.networks.bi_encoder import AnswerTowers, BiEncoderNetwork
        from edgetext.models.networks.cross_encoder import AnswerPair

        stage = AnswerTowers if isinstance(network, BiEncoderNetwork) else AnswerPair
        return stage(network, self.decoder(labels))
