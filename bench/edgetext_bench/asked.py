"""The texts that contenders are asked, drawn from the data's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.data.example import Example
from edgetext.timing import texts
from edgetext.timing.texts import Question
from edgetext_bench.plan import Plan

PROFILED_BYTES = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan's texts of some examples; the same plan draws the same ones."""

    examples: Sequence[Example]
    plan: Plan

    def questions(self) -> list[Question]:
        """Give each example's."""
        return texts.questions(self.examples)

    def judged(self) -> list[Example]:
        """Draw the examples that quality is measured on."""
        return self._sample(self.plan.quality_texts)

    def disturbed(self) -> list[Example]:
        """Draw those that are disturbed."""
        return self._sample(self.plan.noise_texts)

    def counted(self) -> list[Question]:
        """Draw those whose work is counted."""
        return texts.questions(self._sample(self.plan.timed_texts))

    def profiled(self) -> Question:
        """Draw the one whose time is told by operator, of PROFILED_BYTES."""
        return texts.of_length(self.questions(), PROFILED_BYTES, self.plan.seed)[0]

    def calls(self, batch: int, length: int | str) -> list[list[Question]]:
        """Draw the texts of each call that is timed; length: in bytes, or AS_IS."""
        if isinstance(length, int):
            pool = texts.of_length(self.questions(), length, self.plan.seed)
        else:
            pool = [texts.question(e) for e in self._sample(self.plan.timed_texts)]
        if batch == 1:
            return [[text] for text in pool]
        repeated = pool * (1 + batch // len(pool))
        return [(repeated[i:] + repeated[:i])[:batch] for i in range(0, len(pool), batch)]

    def _sample(self, count: int | None) -> list[Example]:
        return texts.sample(self.examples, count or len(self.examples), self.plan.seed)
