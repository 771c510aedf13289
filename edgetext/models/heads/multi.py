"""Several heads over one encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from edgetext.configs.heads import MultiConfig
from edgetext.data.parts import entries_of_part, split_spec
from edgetext.registry import lookup, register


@register("head", "multi")
class MultiHead(nn.Module):
    """A head a task over one encoder; its scores are called "part.name".

    labels: "tasks" lists the parts as "part=task"; the others are "part.kind".
    """

    Config = MultiConfig

    def __init__(
        self, config: MultiConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.heads = nn.ModuleDict()
        for name, task in map(split_spec, labels["tasks"]):
            fields = dict(config.heads.get(name) or {"type": lookup("task", task).head})  # type: ignore[attr-defined]
            component: Any = lookup("head", fields.pop("type"))
            own = entries_of_part(name, labels)
            self.heads[name] = component(component.Config(**fields), width, own)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {
            f"{name}.{kind}": score
            for name, head in self.heads.items()
            for kind, score in head(x, mask).items()
        }
