"""What an encoder says of itself as a student's: how `compress` may shape it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import nn


@dataclass(frozen=True, slots=True)
class StudentForm:
    """The choices that an encoder leaves.

    place: where it stands among the encoders; the last is that of the smallest file. causal: for
    models whose pieces see no later one (True), for others (False), or for both. layered: whether
    it has `layers`, `kernel` and `heads`. heads: of its attention. always_attends: whether it is
    made of that. convolves: whether its layers are convolutions, which static quantization takes.
    """

    place: int
    causal: tuple[bool, ...] = (False,)
    layered: bool = True
    heads: int = 1
    always_attends: bool = False
    convolves: bool = False


class StudentEncoder(nn.Module):
    """An encoder that `compress` may give a student.

    Its Config has `embedding`, `hidden` and `dropout`, and those fields that its form names.
    """

    student: ClassVar[StudentForm]

    @classmethod
    def student_fields(cls, hidden: int) -> dict[str, Any]:
        """Give further fields of a student's config, by its width."""
        return {}
