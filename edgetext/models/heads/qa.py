"""Where in a passage the answer to a question begins and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

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

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        hidden: int = Field(128, ge=1, description="width of the comparison of two pieces")
        layers: int = Field(2, ge=1, description="layers over the comparisons")
        kernel: int = Field(3, ge=1, description="comparisons that such a layer sees; odd")
        dropout: float = Field(0.1, ge=0, lt=1)

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.comparison = Comparison(
            width, config.hidden, config.layers, config.kernel, config.dropout
        )
        self.answer = nn.Linear(config.hidden, 2)

    def forward(self, x: Tensor, mask: Tensor | None, second: Tensor | int) -> dict[str, Tensor]:
        return {"answer": self.answer(self.comparison(x, mask, second))}
