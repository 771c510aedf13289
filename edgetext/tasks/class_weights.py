"""How much each label of a text counts in a loss, and how often it is expected in use."""

from __future__ import annotations

import math
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


def expected_logits(
    shares: Mapping[str, float], labels: Sequence[str], texts: Sequence[str]
) -> Tensor:
    """Give float32[C], by label how much higher its score shall be in use than the training texts
    say; texts: the label of each.

    A softmax learns how often each label comes, as part of its scores. Training on scores without
    what is added here leaves it in them (logit adjustment, Menon et al. 2021, §5). EdgetextError
    for a label that there is not, and for shares of 1 or more in all.
    """
    _check_names("label_shares", shares, labels)
    if sum(shares.values()) >= 1:
        raise EdgetextError(
            f"label_shares: they are {sum(shares.values()):g} in all; leave some below 1 for the "
            "other labels"
        )
    counts = Counter(texts)
    rest = sum(counts[label] for label in labels if label not in shares)
    if not rest:
        raise EdgetextError("label_shares: every label has one; leave out those that may stay")
    # Against the other labels, whose shares of each other stay as they are.
    whole = (1 - sum(shares.values())) / rest
    return torch.tensor(
        [math.log(shares[x] / (counts[x] * whole)) if x in shares else 0.0 for x in labels]
    )


def _named(choice: Mapping[str, float], labels: Sequence[str]) -> Tensor:
    _check_names("class_weights", choice, labels)
    return torch.tensor([float(choice.get(label, 1.0)) for label in labels])


def _check_names(field: str, named: Mapping[str, float], labels: Sequence[str]) -> None:
    """EdgetextError for a label that there is not; field: of the recipe, which names it."""
    for name in named:
        if name not in labels:
            raise EdgetextError(
                f"{field}: {name} is no label of the training split{nearest(name, labels)}"
            )
