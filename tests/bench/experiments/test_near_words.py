"""Near words in the place of others."""

import random

import numpy as np

from edgetext.vectors.index import Index
from edgetext_bench.experiments.near_words import nearest, with_near_words

WORDS = ["book", "novel", "train", "wheel"]
VECTORS = np.array([[1, 0], [0.9, 0.436], [0, 1], [-1, 0]], np.float32)


def test_the_nearest_are_of_the_others_alone_and_near_enough():
    index = Index(VECTORS, WORDS, "m")
    near = nearest(index, {"novel", "train", "wheel"}, 2, 0.3)
    assert near == {"book": ["novel"], "novel": ["train"], "train": ["novel"], "wheel": []}


def test_texts_come_so_often_and_keep_words_without_near_ones():
    near = {"book": ["novel", "volume"]}
    lines = list(with_near_words(["a book on trains"], near, 20, 0.5, random.Random(1)))
    assert len(lines) == 20
    assert set(lines) == {f"a {word} on trains" for word in ("book", "novel", "volume")}
