"""How a task judges answers: against labels, and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic

from edgetext.data.example import Example
from edgetext.tasks.answering import A
from edgetext.tasks.labeled_texts import LabeledTexts
from edgetext.tasks.metrics import Score

# The largest difference of a score that counts as the same: int8 rounds as each runtime does.
SCORE_TOLERANCE = 0.05


class Judging(Generic[A]):
    """The half of a Task that compares answers.

    monitor: the metrics that early stopping maximises ("-name": minimises), later ones deciding
    between equals. fallback: those that decide where these are the same in every epoch. unstored:
    metrics that a model keeps only where its recipe monitors them. includes: other tasks whose
    labels this one's data has too, so that it can judge models of those.
    """

    monitor: ClassVar[tuple[str, ...]]
    fallback: ClassVar[tuple[str, ...]] = ()
    unstored: ClassVar[tuple[str, ...]] = ()
    includes: ClassVar[tuple[str, ...]] = ()

    @property
    def quality_metrics(self) -> tuple[str, ...]:
        """The metrics of `measure` that tell how good answers are: none may fall."""
        return (self.monitor[0].removeprefix("-"),)

    def questions(self, examples: Sequence[Example]) -> Sequence[Example]:
        """Give what an artifact is asked, to see whether it answers the examples."""
        return examples

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        """Yield the labels of an example that must be known: (kind in the published names, kind in
        words, label); by default none."""
        return iter(())

    def is_labeled(self, example: Example) -> bool:
        """Tell whether an example has a label of the text, where the task answers one."""
        return example.intent is not None

    def as_example(self, text: str, answer: A) -> Example:
        """Give a text with an answer as its labels, to learn from."""
        return Example(text, answer.intent, answer.spans)

    def measure(self, examples: Sequence[Example], answers: Sequence[A]) -> dict[str, float]:
        """Measure answers against the examples' labels: metrics, each 0 to 1 unless its name says
        otherwise."""
        raise NotImplementedError

    def class_scores(self, examples: Sequence[Example], answers: Sequence[A]) -> dict[str, Score]:
        """Score each label of the examples where a text has one of several; by default none."""
        return {}

    def labeled_texts(self, examples: Sequence[Example]) -> dict[str, LabeledTexts]:
        """Give what a linear model can learn of the examples, by the metric of `measure` that its
        answers compare with; by default nothing, whatever the examples."""
        return {}

    def decisions(self, example: Example, answer: A) -> Iterator[tuple[str, str, str]]:
        """Yield (kind, true label, answered label) of all that was decided, "" where one is
        missing.

        Spans are compared where their bounds are the same.
        """
        if example.intent is not None and answer.intent is not None:
            yield "intent", example.intent, answer.intent
        gold = {(span.start, span.end): span.label for span in example.spans}
        answered = {(span.start, span.end): span.label for span in answer.spans}
        for where in sorted(gold.keys() | answered.keys()):
            yield "span", gold.get(where, ""), answered.get(where, "")

    def same(self, one: A, other: A) -> bool:
        """Tell whether two answers say the same, whatever their scores."""
        return (one.intent, one.spans) == (other.intent, other.spans)

    def is_decided(self, answer: A) -> bool:
        """Tell whether the likeliest answer is no tie, so that the text can be a golden example."""
        return True

    def agree(self, expected: A, answer: A) -> bool:
        """Tell whether a golden answer was given again: the same, the score within
        SCORE_TOLERANCE."""
        return (
            self.same(expected, answer)
            and expected.truncated == answer.truncated
            and abs(expected.score - answer.score) <= SCORE_TOLERANCE
        )
