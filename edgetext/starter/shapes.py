"""What the recipes that `edgetext init` writes hold for each task: networks, sizes, epochs.

Encoders and heads are YAML with the names of a Size's fields in braces. The figures are those that
the shipped recipes found good, smaller where there is less to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_EVER = float("inf")


@dataclass(frozen=True, slots=True)
class Size:
    vocabulary: int
    embedding: int
    hidden: int
    student_vocabulary: int
    student_embedding: int
    student_hidden: int


@dataclass(frozen=True, slots=True)
class Shape:
    """One task's networks and training.

    sizes: (training texts below which it is taken, size). steps: of training, about, as far as
    `epochs` (least, most) lets them. rates: of the teacher and the student, as are hidden, the
    shares of pieces that are hidden from them. least_bytes, most_bytes: of `max_bytes`; `too_long`
    says what happens to a longer text. own_pieces: whether the student has its own vocabulary.
    """

    encoder: str
    head: str
    student_encoder: str
    student_head: str
    sizes: Sequence[tuple[float, Size]]
    steps: int = 3000
    epochs: tuple[int, int] = (12, 60)
    student_epochs: float = 1.3
    rates: tuple[float, float] = (0.002, 0.004)
    hidden: tuple[float, float] = (0.1, 0.03)
    label_smoothing: bool = False
    averaged: bool = True
    rounded: bool = True
    temperature: float = 2.0
    soft_weight: float = 0.9
    least_bytes: int = 512
    most_bytes: int = 8192
    too_long: str = "longer texts are cut"
    lowercase: bool = True
    own_pieces: bool = True
    accelerator: bool = False

    def size(self, examples: int) -> Size:
        return next(size for limit, size in self.sizes if examples < limit)


_CNN_STUDENT = """\
type: cnn
embedding: {student_embedding}
hidden: {student_hidden}
layers: 2
heads: 1                # one head needs no reshaping, and each operation costs time
dropout: 0.05"""
_WINDOW_STUDENT = """\
type: conv              # few wide operators: at batch 1 each costs more than its arithmetic
embedding: {student_embedding}
hidden: {student_hidden}
kernels: [3, 3]         # pieces that each of its layers sees
normalize: true         # batch norms, folded into the layers when training ends
dropout: 0.1"""
_LABELS = (
    (2_000, Size(800, 96, 128, 800, 48, 64)),
    (10_000, Size(1500, 128, 128, 1000, 48, 96)),
    (_EVER, Size(4000, 256, 256, 2500, 64, 128)),
)
_CLASSIFY = Shape(
    encoder="""\
type: cnn
embedding: {embedding}
hidden: {hidden}
layers: 2
heads: 4
dropout: 0.3""",
    head="type: classify\ndropout: 0.3",
    student_encoder=_CNN_STUDENT,
    student_head="type: classify\ndropout: 0.05",
    sizes=_LABELS,
    label_smoothing=True,
    rounded=False,
)


def _of_words(head: str) -> Shape:
    """Of the tasks that label words."""
    return Shape(
        encoder="""\
type: lstm
embedding: {embedding}
hidden: {hidden}
kernel: 3
heads: 4
dropout: 0.3""",
        head=f"type: {head}\nhidden: {{hidden}}\ndropout: 0.3",
        student_encoder=_CNN_STUDENT,
        student_head=f"type: {head}\nhidden: {{student_hidden}}\ndropout: 0.05",
        sizes=_LABELS,
        label_smoothing=True,
        rounded=False,
    )


_MATCH = Shape(
    encoder="""\
type: cnn
embedding: {embedding}
hidden: {hidden}
layers: 2
kernel: 3
dropout: 0.2""",
    head="""\
# It reads both texts together. `edgetext init match DATA --head bi_encoder` gives a head that makes
# a vector of each, which can be stored and searched, and compares the two.
type: cross_encoder
hidden: {hidden}
dropout: 0.2""",
    student_encoder=_WINDOW_STUDENT,
    student_head="type: cross_encoder\nhidden: {student_hidden}\ndropout: 0.1",
    sizes=(
        (5_000, Size(2000, 64, 96, 1500, 32, 64)),
        (_EVER, Size(4000, 96, 128, 2000, 48, 96)),
    ),
    steps=3500,
    epochs=(8, 30),
    student_epochs=1.0,
    rates=(0.001, 0.002),
    hidden=(0.05, 0.05),
    least_bytes=256,
)
_TOWERS = Shape(
    encoder="""\
type: conv
embedding: {embedding}
hidden: {hidden}
kernels: [3, 3]           # pieces that each of its layers sees
attend: 1                 # attention after the first of them
normalize: true           # without it all vectors can stay alike
dropout: 0.3""",
    head="""\
# A vector of each text alone, and their cosine. `edgetext export --embed` writes one tower by
# itself, whose vectors can be stored and searched.
type: bi_encoder
dimension: 128
compare: cosine
dropout: 0.2""",
    student_encoder=_WINDOW_STUDENT,
    student_head="type: bi_encoder\ndimension: 64\ncompare: cosine\ndropout: 0.1",
    sizes=(
        (5_000, Size(2000, 96, 128, 1500, 48, 96)),
        (_EVER, Size(3000, 128, 192, 2000, 48, 96)),
    ),
    steps=3500,
    epochs=(8, 30),
    rates=(0.003, 0.003),
    hidden=(0.1, 0.05),
    soft_weight=0.7,
    least_bytes=256,
)
_QA = Shape(
    encoder="""\
type: cnn
embedding: {embedding}
hidden: {hidden}
layers: 2
kernel: 5
dropout: 0.2""",
    head="""\
type: qa
hidden: {hidden}
layers: 3                 # over the comparison of the passage's words with the question's
kernel: 5
dropout: 0.2""",
    student_encoder=_WINDOW_STUDENT,
    student_head="""\
type: qa
hidden: {student_hidden}
layers: 2
kernel: 5
dropout: 0.1""",
    sizes=(
        (2_000, Size(3000, 64, 96, 2000, 32, 64)),
        (_EVER, Size(6000, 96, 128, 4000, 48, 96)),
    ),
    steps=3500,
    epochs=(8, 16),
    student_epochs=0.9,
    rates=(0.001, 0.002),
    hidden=(0.05, 0.05),
    most_bytes=768,
    too_long="longer passages are read in parts",
)
_SUMMARIZE = Shape(
    encoder="""\
type: bag                 # words alone: a few thousand texts teach no more
embedding: {embedding}
hidden: {hidden}
dropout: 0.5""",
    head="""\
type: summarize
hidden: {hidden}
queries: 4                # weighted means of a sentence's words
layers: 1                 # in which the sentences see each other
heads: 4
dropout: 0.5""",
    student_encoder="""\
type: conv
embedding: {student_embedding}
hidden: {student_hidden}
kernels: [1]            # no neighbours
dropout: 0.1""",
    student_head="""\
type: summarize
hidden: 32
queries: 2
layers: 1
heads: 1
dropout: 0.1""",
    sizes=(
        (1_000, Size(2000, 64, 64, 1500, 32, 48)),
        (_EVER, Size(4000, 64, 64, 2500, 32, 48)),
    ),
    steps=500,
    epochs=(8, 16),
    student_epochs=1.5,
    hidden=(0.1, 0.1),
    soft_weight=0.8,
)
_LM = Shape(
    encoder="""\
type: lstm
causal: true              # no piece sees a later one
embedding: {embedding}
hidden: {hidden}
layers: 1
heads: 0
dropout: 0.3""",
    head="type: lm\ndropout: 0.3",
    student_encoder="""\
type: transformer
causal: true
embedding: {student_embedding}
hidden: {student_hidden}
layers: 2
heads: 4
feed_forward: 256
kernel: 3
dropout: 0.05""",
    student_head="type: lm\ndropout: 0.05",
    sizes=(  # by parts of `max_bytes`
        (8_000, Size(3000, 128, 256, 3000, 96, 96)),
        (_EVER, Size(5000, 192, 512, 5000, 128, 128)),
    ),
    steps=5000,
    epochs=(4, 15),
    student_epochs=0.8,
    rates=(0.003, 0.004),
    hidden=(0.0, 0.0),
    averaged=False,
    rounded=False,
    temperature=1.0,
    soft_weight=0.5,
    least_bytes=256,
    most_bytes=256,
    too_long="of the text before the cursor",
    lowercase=False,
    own_pieces=False,
    accelerator=True,
)
# By task; match has two heads.
SHAPES = {
    "classify": _CLASSIFY,
    "joint": _of_words("joint"),
    "tag": _of_words("tag"),
    "parse": _of_words("parse"),
    "match": _MATCH,
    "bi_encoder": _TOWERS,
    "qa": _QA,
    "summarize": _SUMMARIZE,
    "lm": _LM,
}
