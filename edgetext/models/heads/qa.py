"""Where in a passage the answer to a question begins and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from edgetext.configs.heads import QaConfig
from edgetext.models.layers.comparison import Comparison
from edgetext.models.network import Head
from edgetext.models.networks.cross_encoder import CrossEncoderNetwork
from edgetext.registry import register


@register("head", "qa")
class QaHead(Head):
    """Two scores a piece, as the first piece of the answer's first word and as that of its last.

    Each piece is compared with what it is like in the other text (models.layers.comparison).
    Scores: "answer" float[B, T, 2]; those of the first piece of all stand for "no answer".
    """

    network = CrossEncoderNetwork

    Config = QaConfig

    def __init__(self, config: QaConfig, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.comparison = Comparison(
            width, config.hidden, config.layers, config.kernel, config.dropout
        )
        self.answer = nn.Linear(config.hidden, 2)

    def forward(self, x: Tensor, mask: Tensor | None, second: Tensor | int) -> dict[str, Tensor]:
        return {"answer": self.answer(self.comparison(x, mask, second))}
