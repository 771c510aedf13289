"""Texts whose answers an artifact carries to prove itself on a device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from edgetext.data.example import Example


def choose_golden(examples: Sequence[Example], count: int = 16) -> list[str | list[str]]:
    """Choose at most `count` different texts of the split, each intent once before any comes twice;
    of examples with two texts, both.

    Where some examples have spans and some have none, both kinds are there. With more intents than
    `count`, intents at equal distances in the order of their names; the choice needs no randomness.
    """
    by_intent: dict[str, list[str | list[str]]] = defaultdict(list)
    for example in examples:
        known = by_intent[f"{example.task} {example.text_labels}"]
        entry = example.text if example.text_b is None else list(example.texts)
        if example.text and entry not in known:
            known.append(entry)
    names = [name for name in sorted(by_intent) if by_intent[name]]
    stride = max(1, len(names) // count)
    chosen: list[str | list[str]] = []
    depth = 0
    while len(chosen) < count and any(len(by_intent[name]) > depth for name in names):
        for name in names[::stride]:
            texts = by_intent[name]
            if depth < len(texts) and len(chosen) < count and texts[depth] not in chosen:
                chosen.append(texts[depth])
        depth += 1
    spanless = [example.text for example in examples if example.text and not example.spans]
    if 0 < len(spanless) < len(examples) and chosen and not set(spanless) & set(map(str, chosen)):
        chosen[-1] = next(
            (text if example.text_b is None else list(example.texts))
            for example in examples
            for text in [example.text]
            if text and not example.spans
        )
    return chosen
