"""How words stand to each other in a student and in its teacher.

Only words are compared, at their first pieces, so that the two may cut text into other pieces.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import kl_div, log_softmax, normalize, softmax

from edgetext.core.errors import EdgetextError
from edgetext.models import Network
from edgetext.models.layers.attention import SelfAttention


def at_words(x: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
    """x float[B, T, D] at the pieces marked `first` bool[B, T]: float[B, W, D] and which of these
    are words, bool[B, W]."""
    count = first.sum(dim=1)
    width = int(count.max())
    # A stable sort brings the marked places to the front, in their order.
    places = (~first).to(torch.int8).argsort(dim=1, stable=True)[:, :width]
    picked = x.gather(1, places[:, :, None].expand(-1, -1, x.shape[-1]))
    return picked, torch.arange(width, device=x.device) < count[:, None]


def states_loss(student: Tensor, teacher: Tensor, firsts: tuple[Tensor, Tensor]) -> Tensor:
    """Mean squared difference of the cosines between all pairs of words of a text, a scalar.

    student, teacher: the encoders' outputs, float[B, T, D] each with its own T and D. Cosines need
    no projection and no common width (similarity-preserving distillation, Tung & Mori 2019, §3,
    between the words of a text instead of the texts of a batch).
    """
    (here, words), (there, _) = (at_words(x, f) for x, f in zip((student, teacher), firsts))  # noqa: B905
    pairs = words[:, :, None] & words[:, None, :]
    own, wanted = (normalize(x, dim=-1) @ normalize(x, dim=-1).mT for x in (here, there))
    return (own - wanted)[pairs].square().mean()


class AttentionTap:
    """Keeps queries, keys and values float[B, T, 3 D] of a network's last self-attention.

    EdgetextError for a network that has none. owner: who that is, for the message.
    """

    def __init__(self, network: Network, owner: str) -> None:
        layers = [m for m in network.modules() if isinstance(m, SelfAttention)]
        if not layers:
            raise EdgetextError(
                f"the {owner}'s encoder has no self-attention to compare; set "
                "student.distillation.relations to states"
            )
        self.seen = torch.empty(0)
        layers[-1].qkv.register_forward_hook(self._keep)

    def _keep(self, module: nn.Module, inputs: Any, output: Tensor) -> None:
        self.seen = output


def attention_loss(student: Tensor, teacher: Tensor, firsts: tuple[Tensor, Tensor]) -> Tensor:
    """KL(teacher || student) of what attention's queries see in keys, and values in values: the
    mean over words of both, a scalar (MiniLM, Wang et al. 2020, §3.1 and §3.2).

    student, teacher: what an AttentionTap kept. All heads count as one, so that their numbers may
    differ (MiniLMv2, Wang et al. 2021, §3.1).
    """
    (here, words), (there, _) = (at_words(x, f) for x, f in zip((student, teacher), firsts))  # noqa: B905
    total = here.new_zeros(())
    for first, second in ((0, 1), (2, 2)):
        own, wanted = (_relation(x, words, first, second) for x in (here, there))
        rows = kl_div(log_softmax(own, -1), softmax(wanted, -1), reduction="none").sum(-1)
        total = total + rows[words].mean()
    return total


def _relation(x: Tensor, words: Tensor, first: int, second: int) -> Tensor:
    """Scaled products float[B, W, W] of two of queries, keys and values; a large negative number
    where a column is no word."""
    parts = x.chunk(3, dim=-1)
    products = parts[first] @ parts[second].mT * parts[first].shape[-1] ** -0.5
    return products.masked_fill(~words[:, None, :], -1e4)
