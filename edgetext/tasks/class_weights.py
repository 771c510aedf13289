"""How much each label of a text counts in a loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest

# "balanced", or the weight of each label by its name, 1 where none is given.
ClassWeights = str | Mapping[str, float]


def loss_weights(choice: ClassWeights, labels: Sequence[str], texts: Iterable[str]) -> Tensor:
    """Give float32[C], a weight a label; texts: the label of each text.

    Balanced weights make every label count alike, whatever its share of the texts, and a text 1 on
    average. EdgetextError for a label that there is not.
    """
    if not isinstance(choice, str):
        return _named(choice, labels)
    counts = Counter(texts)
    return torch.tensor([counts.total() / (len(labels) * max(1, counts[x])) for x in labels])


def positive_weights(
    choice: ClassWeights, labels: Sequence[str], texts: Sequence[Sequence[str]]
) -> Tensor:
    """Give float32[C], by label the weight of a text that has it beside one that has not; texts:
    the labels of each text.

    Balanced weights make those with a label count as much as those without. EdgetextError for a
    label that there is not.
    """
    if not isinstance(choice, str):
        return _named(choice, labels)
    counts = Counter(label for each in texts for label in set(each))
    return torch.tensor([max(1, len(texts) - counts[x]) / max(1, counts[x]) for x in labels])


def _named(choice: Mapping[str, float], labels: Sequence[str]) -> Tensor:
    for name in choice:
        if name not in labels:
            raise EdgetextError(
                f"class_weights: {name} is no label of the training split{nearest(name, labels)}"
            )
    return torch.tensor([float(choice.get(label, 1.0)) for label in labels])
