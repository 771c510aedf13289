"""Labeled texts with near words in the place of theirs, for a student to learn from.

python -m edgetext_bench.experiments.near_words RECIPE EMBEDDER --times 4 -o FILE [--seed 1]

After TinyBERT's augmentation (Jiao et al. 2020, algorithm 1), with an embedder in the place of a
masked language model. RECIPE: of task classify. EMBEDDER: a checkpoint of task embed with pieces,
as `edgetext import` makes one of a sentence model; its pieces that are words of small letters are
what may come in the place of a word, the `--near` nearest ones by the cosine of their vectors. Each
training text is written so often, a word of it replaced with chance `--probability`; the `--common`
commonest words of the texts stay. The file is read without labels
(`student.distillation.unlabeled`): the teacher answers what was made.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_splits
from edgetext.vectors.index import Index
from edgetext_bench.experiments.few_examples import write

_WORD = re.compile(r"[a-z]{3,}")
# Rows of the table of cosines that are in memory at once.
ROWS = 1024


def main() -> None:
    """Write the file, and say how many lines it has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe")
    parser.add_argument("embedder")
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--probability", type=float, default=0.4)
    parser.add_argument("--near", type=int, default=10)
    parser.add_argument("--least", type=float, default=0.5, help="least cosine of a near word")
    parser.add_argument("--common", type=int, default=60)
    parser.add_argument("--words", type=int, default=12_000, help="pieces that may come in")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    texts = [example.text.lower() for example in load_splits(Recipe.load(given.recipe)).train]
    counts = Counter(word for text in texts for word in _WORD.findall(text))
    common = {word for word, _ in counts.most_common(given.common)}
    pieces = [p for p in Model.load(given.embedder).vocabulary.pieces if _WORD.fullmatch(p)]
    others = sorted(set(pieces[: given.words]) - common)
    index = Index.of(load(given.embedder), sorted({*others, *counts} - common))
    near = nearest(index, set(others), given.near, given.least)
    rng = random.Random(given.seed)
    write(given.output, list(with_near_words(texts, near, given.times, given.probability, rng)))


def nearest(index: Index, others: set[str], count: int, least: float) -> dict[str, list[str]]:
    """Give, for each word of the index, the nearest of the others, as many as there are."""
    words = np.array(index.texts)
    columns = np.array([i for i, word in enumerate(index.texts) if word in others])
    near = {}
    for begin in range(0, len(words), ROWS):
        cosines = index.vectors[begin : begin + ROWS] @ index.vectors[columns].T
        best = np.argsort(-cosines, axis=1)[:, : count + 1]
        for row, places in enumerate(best):
            word = index.texts[begin + row]
            fitting = words[columns[places[cosines[row, places] >= least]]]
            near[word] = [str(each) for each in fitting if each != word][:count]
    return near


def with_near_words(
    texts: Sequence[str],
    near: Mapping[str, Sequence[str]],
    times: int,
    probability: float,
    rng: random.Random,
) -> Iterator[str]:
    """Give each text so often, with near words in the place of some of its own."""

    def other(match: re.Match[str]) -> str:
        choices = near.get(match[0], ())
        return rng.choice(choices) if choices and rng.random() < probability else match[0]

    for _ in range(times):
        for text in texts:
            yield " ".join(_WORD.sub(other, text).split())


if __name__ == "__main__":
    main()
