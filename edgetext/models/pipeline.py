"""From bytes to the artifact's outputs: the text graph, the network and the decoding as modules.

Two stages, because ExecuTorch runs them as two methods: a network whose length it knows when it
starts keeps XNNPACK's kernels. One after the other they are the whole model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.models.network import Network
from edgetext.models.spans import SpanDecoder
from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary

SPACE = 0x20
# A UTF-8 character has at most three bytes after its first.
LONGEST_TAIL = 3


class CutText(nn.Module):
    """uint8[1, n] -> uint8[1, m] that says at most `max_bytes` bytes, and truncated int32[1].

    What a cut takes away, an incomplete last character included, is overwritten with spaces, which
    emit no piece and keep every offset; m is n, at most max_bytes + 1.

    bounded: the caller promises n <= max_bytes + 1, so that no length depends on another
    (ExecuTorch plans its memory by them).
    """

    def __init__(self, max_bytes: int, *, bounded: bool = False) -> None:
        super().__init__()
        self.max_bytes = max_bytes
        self.bounded = bounded

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor]:
        if not self.bounded:
            text = text[:, : self.max_bytes + 1]
        text = text.reshape(-1)
        position = torch.arange(text.shape[0])
        over = position[-1:] >= self.max_bytes
        begins = text.bitwise_and(0xC0) != 0x80
        last_begin = torch.where(begins, position, self.max_bytes - LONGEST_TAIL).amax(0)
        keep = (position < last_begin).logical_or(~over)
        kept = torch.where(keep, text, SPACE).to(torch.uint8)
        return kept.unsqueeze(0), over.to(torch.int32)


class ReadText(nn.Module):
    """Bytes -> what the network takes.

    text uint8[1, n], n >= 1 -> ids int64[1, T], first int64[W], start int64[W], end int64[W]
    (see text.graph.Pieces) and truncated int32[1]. `for_executorch` needs n <= max_bytes + 1.
    """

    def __init__(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.cut = CutText(max_bytes, bounded=for_executorch)
        self.pieces = TextGraph(vocabulary, widen=not for_executorch)

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        kept, truncated = self.cut(text)
        ids, first, start, end = self.pieces(kept)
        return ids.unsqueeze(0), first, start, end, truncated


class ClassifyPieces(nn.Module):
    """ids int64[1, T] -> scores float32[1, C], probabilities in the order of the labels."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor) -> tuple[Tensor]:
        return (torch.softmax(self.network(ids)["intent"], dim=-1),)


class LabelPieces(nn.Module):
    """Pieces -> scores float32[1, C] and spans int32[S, 3]: slot label, start byte, end byte.

    ids int64[1, T]; first, start, end int64[W]. Slot labels count as in `slot_names`.
    """

    def __init__(self, network: Network, tags: int) -> None:
        super().__init__()
        self.network = network
        self.decoder = SpanDecoder(tags)

    def forward(
        self, ids: Tensor, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, Tensor]:
        scores = self.network(ids)
        words = scores["tags"].squeeze(0).index_select(0, first)
        begins, inside, label = self.decoder(words)
        going_on = torch.nn.functional.pad((inside & ~begins).long(), (0, 1))[1:]
        opening = begins.nonzero().reshape(-1)
        closing = (inside.long() * (1 - going_on)).nonzero().reshape(-1)
        torch._check(opening.shape[0] == closing.shape[0])
        torch._check(opening.shape[0] <= first.shape[0])
        columns = [label.gather(0, opening), start.gather(0, opening), end.gather(0, closing)]
        return torch.softmax(scores["intent"], dim=-1), torch.stack(columns, dim=1).to(torch.int32)


class Pipeline(nn.Module):
    """The whole model: text uint8[1, n] -> the outputs of the artifact contract, in its order.

    classify: scores, truncated. joint: scores, spans int32[1, S, 3], truncated.
    """

    def __init__(self, read: ReadText, answer: ClassifyPieces | LabelPieces) -> None:
        super().__init__()
        self.read = read
        self.answer = answer

    def forward(self, text: Tensor) -> tuple[Tensor, ...]:
        ids, first, start, end, truncated = self.read(text)
        if isinstance(self.answer, ClassifyPieces):
            return (*self.answer(ids), truncated)
        scores, spans = self.answer(ids, first, start, end)
        return scores, spans.unsqueeze(0), truncated


def build_answer(
    network: Network, labels: Mapping[str, Sequence[str]]
) -> ClassifyPieces | LabelPieces:
    """The second stage for a checkpoint's labels."""
    tags = len(labels["tags"])
    return LabelPieces(network, tags) if tags else ClassifyPieces(network)


def slot_names(labels: Mapping[str, Sequence[str]]) -> list[str]:
    """The slot labels in the order in which spans count them."""
    return [tag.removeprefix("B-") for tag in labels["tags"][1::2]]
