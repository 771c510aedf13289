"""The shape of a recipe that `edgetext init` writes: networks, sizes, epochs.

Encoders and heads are YAML with the names of a Size's fields in braces, and {window} where the
attention of long texts is in windows. The figures are those that the shipped recipes found good,
smaller where there is less to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

EVER = float("inf")


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
    `epochs` (least, most) lets them; more of many labels. large_batches: whether batches are
    larger, and rates higher, where there are many texts. rates, token_dropout: of the teacher and
    the student. ema, qat: whether weights are averaged, and the last epochs round as int8 does.
    least_bytes, most_bytes: of `max_bytes`; `too_long` says what happens to a longer text.
    own_pieces: whether the student has its own vocabulary. static: whether its int8 gains by scales
    that are known before. r_drop: of the teacher. grams: the lengths of the n-grams of which the
    words of the teacher and of the student are sums, () where they have pieces; a size's
    `vocabulary` are buckets then.
    hashed: what is taken where words are hashed, None for a task that has no such student.
    prefers_hashed: whether that is so by itself, where the texts let it.
    pretrained: whether the teacher begins with published weights, whose pieces it has; unlabeled:
    the file of texts without labels that it answers for the student, "" for none, and how many
    these are: see starter.few.
    """

    encoder: str
    head: str
    student_encoder: str
    student_head: str
    sizes: Sequence[tuple[float, Size]]
    steps: int = 3000
    epochs: tuple[int, int] = (12, 60)
    large_batches: bool = False
    student_epochs: float = 1.3
    rates: tuple[float, float] = (0.002, 0.004)
    token_dropout: tuple[float, float] = (0.1, 0.03)
    label_smoothing: float = 0.0
    ema: bool = True
    qat: bool = True
    temperature: float = 2.0
    soft_weight: float = 0.9
    least_bytes: int = 512
    most_bytes: int = 8192
    too_long: str = "longer texts are cut"
    lowercase: bool = True
    own_pieces: bool = True
    static: bool = False
    accelerator: bool = False
    r_drop: float = 0.0
    grams: tuple[Sequence[int], Sequence[int]] = ((), ())
    hashed: Shape | None = None
    prefers_hashed: bool = False
    pretrained: bool = False
    unlabeled: str = ""
    unlabeled_texts: int = 0

    def size(self, examples: int) -> Size:
        return next(size for limit, size in self.sizes if examples < limit)


WINDOW_STUDENT = """\
type: conv              # few wide operators: at batch 1 each costs more than its arithmetic
embedding: {student_embedding}
hidden: {student_hidden}
layers: 2
kernel: 3               # pieces that each of its layers sees
normalize: true         # batch norms, folded into the layers when training ends
dropout: 0.1"""
LABEL_STUDENT = """\
type: conv              # few wide operators: at batch 1 each costs more than its arithmetic
embedding: {student_embedding}
hidden: {student_hidden}
layers: %d
kernel: 3               # pieces that each of its layers sees
heads: 1{window}
attention_after: %d      # after so many layers one of attention lets far words see each other
normalize: true         # batch norms, folded into the layers when training ends
dropout: 0.1"""
# A position is a word: two convolutions see three of them on either side, which needs no attention.
HASHED_STUDENT = """\
type: conv              # few wide operators: at batch 1 each costs more than its arithmetic
embedding: {student_embedding}
hidden: {student_hidden}
layers: 2
kernel: [3, 5]          # words that its layers see
normalize: true         # batch norms, folded into the layers when training ends
dropout: 0.1"""
LABEL_SIZES = (
    (2_000, Size(800, 96, 128, 800, 48, 64)),
    (10_000, Size(1500, 128, 128, 1000, 48, 96)),
    (EVER, Size(4000, 256, 256, 2500, 64, 128)),
)


HASHED_SIZES = (
    (2_000, Size(2000, 96, 128, 1000, 48, 96)),
    (10_000, Size(4000, 128, 128, 1500, 48, 128)),
    (EVER, Size(8000, 192, 192, 2000, 64, 128)),
)


def words_shape(head: str, *, prefers_hashed: bool = False) -> Shape:
    """Give the shape of a task that labels words; prefers_hashed: see Shape."""
    shape = Shape(
        encoder="""\
type: lstm
embedding: {embedding}
hidden: {hidden}
kernel: 3
heads: 4{window}
dropout: 0.3""",
        head=f"type: {head}\nhidden: {{hidden}}\ndropout: 0.3",
        student_encoder=LABEL_STUDENT % (3, 2),
        student_head=f"type: {head}\nhidden: {{student_hidden}}\ndropout: 0.05",
        sizes=LABEL_SIZES,
        static=True,
        label_smoothing=0.05,
    )
    hashed = replace(
        shape, sizes=HASHED_SIZES, student_encoder=HASHED_STUDENT, grams=((2, 4), (2, 4))
    )
    return replace(shape, hashed=hashed, prefers_hashed=prefers_hashed)
