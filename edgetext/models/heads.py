"""Heads: what the network answers.

A head is registered as `@register("head", NAME)`, is built `cls(config, width, labels)` with
width D and the labels of the task, and maps float[B, T, D] and mask (bool[B, T] or None) to a dict
of scores before softmax, those that its task names: float[B, ...], or float[B, T, ...] for a value
a piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.models.masking import hide_padding
from edgetext.registry import lookup, register


class Pooling(nn.Module):
    """float[B, T, D] -> float[B, 2 * D]: an attention-weighted mean beside the maximum.

    The weights come from one learned query (Yang et al. 2016, §2.2, without its hidden layer).
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, 1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        weights = torch.softmax(hide_padding(self.query(x), mask), dim=1)
        mean = torch.bmm(weights.transpose(1, 2), x).squeeze(1)
        return torch.cat([mean, hide_padding(x, mask).amax(dim=1)], dim=-1)


@register("head", "classify")
class ClassifyHead(nn.Module):
    """One label a text."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        dropout: float = Field(0.1, ge=0, lt=1)

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.pooling = Pooling(width)
        self.dropout = nn.Dropout(config.dropout)
        self.intent = nn.Linear(2 * width, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"intent": self.intent(self.dropout(self.pooling(x, mask)))}


@register("head", "tag")
class TagHead(nn.Module):
    """One BIO tag a piece; only the first piece of a word counts."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        hidden: int = Field(128, ge=1, description="width of the layer before the tags")
        dropout: float = Field(0.1, ge=0, lt=1)

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.dropout = nn.Dropout(config.dropout)
        self.from_piece = nn.Linear(width, config.hidden)
        self.tags = nn.Linear(config.hidden, len(labels["tags"]))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"tags": self.tags(self.dropout(torch.relu(self.from_piece(x))))}


@register("head", "multi")
class MultiHead(nn.Module):
    """A head a task over one encoder; its scores are called "part.name".

    labels: "tasks" lists the parts as "part=task"; the others are "part.kind".
    """

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        heads: dict[str, dict[str, Any]] = Field(
            default_factory=dict, description="part -> its head with its fields; else the default"
        )

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.heads = nn.ModuleDict()
        for name, _, task in (spec.partition("=") for spec in labels["tasks"]):
            fields = dict(config.heads.get(name) or {"type": lookup("task", task).head})  # type: ignore[attr-defined]
            component: Any = lookup("head", fields.pop("type"))
            own = {
                kind.removeprefix(f"{name}."): values
                for kind, values in labels.items()
                if kind.startswith(f"{name}.")
            }
            self.heads[name] = component(component.Config(**fields), width, own)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {
            f"{name}.{kind}": score
            for name, head in self.heads.items()
            for kind, score in head(x, mask).items()
        }


@register("head", "joint")
class JointHead(nn.Module):
    """One intent a text and one BIO tag a piece; only the first piece of a word counts.

    The tag scores see the intent's probabilities (Stack-Propagation, Qin et al. 2019, §2.3).
    """

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        hidden: int = Field(128, ge=1, description="width of the layer before the tags")
        dropout: float = Field(0.1, ge=0, lt=1)

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.pooling = Pooling(width)
        self.dropout = nn.Dropout(config.dropout)
        self.intent = nn.Linear(2 * width, len(labels["intent"]))
        self.from_piece = nn.Linear(width, config.hidden)
        self.from_intent = nn.Linear(len(labels["intent"]), config.hidden, bias=False)
        self.tags = nn.Linear(config.hidden, len(labels["tags"]))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        intent = self.intent(self.dropout(self.pooling(x, mask)))
        guess = self.from_intent(torch.softmax(intent, dim=-1)).unsqueeze(1)
        tags = self.tags(self.dropout(torch.relu(self.from_piece(x) + guess)))
        return {"intent": intent, "tags": tags}
