"""qa: what `edgetext init` needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import NO_CHOICE, Choices
from edgetext.data.example import Example
from edgetext.data.guess import Guess, guess_questions
from edgetext.registry import register
from edgetext.starter.shape import EVER, WINDOW_STUDENT, Shape, Size
from edgetext.starter.starter import Labels, Starter

_SHAPE = Shape(
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
    student_encoder=WINDOW_STUDENT,
    student_head="""\
type: qa
hidden: {student_hidden}
layers: 2
kernel: 5
dropout: 0.1""",
    sizes=(
        (2_000, Size(3000, 64, 96, 2000, 32, 64)),
        (EVER, Size(6000, 96, 128, 4000, 48, 96)),
    ),
    steps=3500,
    epochs=(8, 16),
    student_epochs=0.9,
    rates=(0.001, 0.002),
    token_dropout=(0.05, 0.05),
    most_bytes=768,
    too_long="longer passages are read in parts",
)


@register("starter", "qa")
class QaStarter(Starter):
    """Questions about passages, some with an answer."""

    comment = "The answer to a question, as a piece of a passage"
    shapes: ClassVar[Mapping[str, Shape]] = {"qa": _SHAPE}
    paired = True
    called = "questions"
    divided_by = "passage"

    def guess(self, path: Path, choices: Choices = NO_CHOICE) -> Guess:
        return guess_questions(path, choices)

    def check(self, examples: Sequence[Example], path: Path) -> None:
        if not any(e.references for e in examples):
            raise EdgetextError(f"{path}: no question has an answer; give data with some")

    def check_held_out(self, examples: Sequence[Example], path: Path) -> None:
        if not any(any(e.references) for e in examples):
            raise EdgetextError(
                f"{path}: none of its {len(examples):,} questions has an answer, so they "
                "measure no model; give a file that has some"
            )

    def counted(self, examples: Sequence[Example], labels: Labels) -> Mapping[str, int]:
        return {
            "passages": len({e.text_b for e in examples}),
            "questions without an answer": sum(not e.references for e in examples),
        }
