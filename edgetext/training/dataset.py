"""Examples as tensors: BIO alignment at first pieces, and batches of like lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from edgetext.data.example import Example
from edgetext.errors import EdgetextError
from edgetext.text.vocabulary import PAD, Encoding, Vocabulary

# The target at pieces that no loss looks at; torch's cross_entropy skips it by default.
IGNORE = -100

Labels = Mapping[str, Sequence[str]]


def collect_labels(examples: Sequence[Example], task: str) -> dict[str, list[str]]:
    """{"intent": sorted names, "tags": ["O", "B-x", "I-x", ...] or []} of a training split."""
    missing = next((e for e in examples if e.intent is None), None)
    if missing is not None:
        raise EdgetextError(f"{missing.source}: the line has no intent label; add one")
    intents = sorted({str(e.intent) for e in examples})
    if len(intents) < 2:
        raise EdgetextError(
            f"the training split has {len(intents)} intent label(s); a classifier needs at least 2"
        )
    if task != "joint":
        return {"intent": intents, "tags": []}
    slots = sorted({span.label for e in examples for span in e.spans})
    if not slots:
        raise EdgetextError(
            "the training split has no slot spans; give data with slots or set `task: classify`"
        )
    return {"intent": intents, "tags": ["O", *(f"{p}-{s}" for s in slots for p in "BI")]}


def encode_cut(vocabulary: Vocabulary, text: str, max_bytes: int) -> Encoding:
    """Encode the text's first `max_bytes` bytes, cut at a character as an artifact cuts them."""
    return vocabulary.encode(text.encode("utf-8")[:max_bytes].decode("utf-8", errors="ignore"))


def align(example: Example, encoding: Encoding, tag_ids: Mapping[str, int]) -> np.ndarray:
    """int64[T]: the BIO tag at each word's first piece, IGNORE at the others.

    A span that begins or ends inside a word covers that whole word; see `cut_words`.
    """
    tags = np.full(len(encoding.ids), IGNORE, dtype=np.int64)
    firsts = np.flatnonzero(encoding.first)
    tags[firsts] = tag_ids["O"]
    start, end = word_bounds(encoding)
    for span in example.spans:
        inside = firsts[(start < span.end) & (end > span.start)]
        if len(inside):
            tags[inside] = tag_ids[f"I-{span.label}"]
            tags[inside[0]] = tag_ids[f"B-{span.label}"]
    return tags


def word_bounds(encoding: Encoding) -> tuple[np.ndarray, np.ndarray]:
    """int32[W] start and end bytes of each word; a word ends where its last piece ends."""
    firsts = np.flatnonzero(encoding.first)
    last = np.append(firsts, len(encoding.ids))[1:] - 1
    return encoding.start[firsts], encoding.end[last]


def cut_words(examples: Sequence[Example], vocabulary: Vocabulary) -> list[str]:
    """One line for each gold span that begins or ends inside a word.

    Tags stand at words, so no model can find such a span; it counts as a miss.
    """
    problems = []
    for example in examples:
        if not example.spans:
            continue
        start, end = word_bounds(vocabulary.encode(example.text))
        starts, ends = set(start.tolist()), set(end.tolist())
        for span in example.spans:
            if span.start not in starts or span.end not in ends:
                found = example.text.encode("utf-8")[span.start : span.end].decode(
                    "utf-8", "replace"
                )
                problems.append(
                    f"{example.source}: the {span.label} span {found!r} "
                    f"({span.start}:{span.end}) begins or ends inside a word"
                )
    return problems


@dataclass(frozen=True, slots=True)
class Batch:
    """ids int64[B, T]; mask, first bool[B, T]; intent int64[B]; tags int64[B, T] or None."""

    ids: Tensor
    mask: Tensor
    first: Tensor
    intent: Tensor
    tags: Tensor | None

    def to(self, device: torch.device) -> Batch:
        tags = None if self.tags is None else self.tags.to(device)
        ids, mask, first, intent = (
            x.to(device) for x in (self.ids, self.mask, self.first, self.intent)
        )
        return Batch(ids, mask, first, intent, tags)


class EncodedSet:
    """Examples under one vocabulary and label set, padded to one matrix.

    ids int64[N, T], first bool[N, T], length int64[N], intent int64[N] (IGNORE when unknown),
    tags int64[N, T] or None (classify).
    """

    def __init__(
        self, examples: Sequence[Example], vocabulary: Vocabulary, labels: Labels, max_bytes: int
    ) -> None:
        """An intent or slot that `labels` lacks is an EdgetextError naming its line."""
        self.examples = examples
        self.encodings = [encode_cut(vocabulary, e.text, max_bytes) for e in examples]
        self.length = torch.tensor([len(e.ids) for e in self.encodings], dtype=torch.int64)
        width = int(self.length.max()) if examples else 1
        self.ids = _padded([e.ids for e in self.encodings], width, PAD)
        self.first = _padded([e.first for e in self.encodings], width, False)
        intents = {name: i for i, name in enumerate(labels["intent"])}
        self.intent = torch.tensor([_intent(e, intents) for e in examples], dtype=torch.int64)
        self.tags = None
        if labels["tags"]:
            tag_ids = {name: i for i, name in enumerate(labels["tags"])}
            for example in examples:
                _check_slots(example, tag_ids)
            aligned = [
                align(example, encoding, tag_ids)
                for example, encoding in zip(examples, self.encodings, strict=True)
            ]
            self.tags = _padded(aligned, width, IGNORE)

    def __len__(self) -> int:
        return len(self.encodings)

    def batch(self, index: Tensor) -> Batch:
        """The rows int64[B] as one batch, padded to its longest text."""
        length = self.length[index]
        width = int(length.max())
        return Batch(
            ids=self.ids[index, :width],
            mask=torch.arange(width) < length[:, None],
            first=self.first[index, :width],
            intent=self.intent[index],
            tags=None if self.tags is None else self.tags[index, :width],
        )

    def batches(self, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """All rows once, `size` a batch, shuffled, texts of like length together."""
        for index in self.row_batches(size, generator):
            yield self.batch(index)

    def row_batches(self, size: int, generator: torch.Generator) -> list[Tensor]:
        """The rows int64[B] of each batch of `batches`."""
        order = torch.randperm(len(self), generator=generator)
        # Sorting inside pools of 50 batches wastes little on padding and keeps batches random.
        rows: list[Tensor] = []
        for pool in order.split(size * 50):
            rows += pool[self.length[pool].argsort(stable=True)].split(size)
        return [rows[i] for i in torch.randperm(len(rows), generator=generator).tolist()]


def _padded(rows: Sequence[np.ndarray], width: int, fill: int | bool) -> Tensor:
    matrix: np.ndarray = np.full(
        (len(rows), width), fill, dtype=np.bool_ if fill is False else np.int64
    )
    for i, row in enumerate(rows):
        matrix[i, : len(row)] = row
    return torch.from_numpy(matrix)


def _intent(example: Example, intents: Mapping[str, int]) -> int:
    if example.intent is None:
        return IGNORE
    if example.intent not in intents:
        raise EdgetextError(
            f"{example.source}: the intent {example.intent!r} is not in the training split; "
            "add examples of it there or remove the line"
        )
    return intents[example.intent]


def _check_slots(example: Example, tag_ids: Mapping[str, int]) -> None:
    for span in example.spans:
        if f"B-{span.label}" not in tag_ids:
            raise EdgetextError(
                f"{example.source}: the slot {span.label!r} is not in the training split; "
                "add examples of it there or remove the line"
            )
