"""multi_label: none, one or several labels a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.answers.labels import TIE, LabelScores
from edgetext.tasks.columns import Columns, Labels, Objects, rounded, truths
from edgetext.tasks.explaining import Asked, Goal, label_goal, no_spans
from edgetext.tasks.labeled_texts import LabeledTexts, LabelSet
from edgetext.tasks.metrics import Score, accuracy, label_set_scores, macro_f1
from edgetext.tasks.prediction import Prediction, best_first, scores_as_json, types_of_scores
from edgetext.tasks.task import Task

# A text has the labels of this score or more: the threshold is in the network.
CHOSEN = 0.5


@dataclass(slots=True)
class LabelsAnswer(Prediction):
    """labels: those that the text has, with their scores, in the order of the model's; score: how
    sure the least sure decision is, 0.5 to 1; scores: every label's."""

    labels: Mapping[str, float]
    score: float = 1.0
    truncated: bool = False
    scores: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)

    def brief(self) -> Self:
        return replace(self, scores={})

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        listed = best_first(self.labels, len(self.labels))
        return {"labels": [{"label": name, "score": round(score, 4)} for name, score in listed]}

    def json_scores(self, top: int) -> dict[str, Any]:
        return scores_as_json(self.scores, top)

    def line_parts(self, text: bytes, top: int) -> list[str]:
        """Give the labels or, where more are asked for, the likeliest that there are."""
        listed = best_first(self.labels, len(self.labels))
        if top > max(1, len(listed)) and self.scores:
            listed = best_first(self.scores, top)
        return [", ".join(f"{name} {score:.3f}" for name, score in listed) or "no label"]

    def probabilities(self) -> Iterator[float]:
        yield self.score
        yield from self.labels.values()
        yield from self.scores.values()


@register("task", "multi_label")
class MultiLabel(Task[LabelsAnswer]):
    """Answers every label that is likelier than not, by the threshold that validation chose."""

    name = "multi_label"
    head = "multi_label"
    described: ClassVar[Mapping[str, str]] = {
        "scores": "`scores` float32[1, {intents}]: of each label by itself, in their order; the "
        "text has those of 0.5 or more"
    }
    monitor = ("micro_f1",)
    fallback = ("exact_match",)

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> LabelsAnswer:
        labels, each = names["intent"], outputs[0].reshape(-1)
        chosen = {labels[i]: each.item(i) for i in np.flatnonzero(each >= CHOSEN).tolist()}
        sure = float(np.maximum(each, 1 - each).min())
        return LabelsAnswer(
            chosen, sure, bool(outputs[-1].reshape(-1)[0]), LabelScores(labels, each)
        )

    def has_columns(self, outputs: Sequence[str]) -> bool:
        return tuple(outputs) == self.outputs

    def columns(
        self, outputs: Mapping[str, np.ndarray], names: Names, texts: Sequence[bytes]
    ) -> Columns:
        scores = outputs["scores"]
        rows, chosen = np.nonzero(scores >= CHOSEN)
        values = scores[rows, chosen]
        # The likeliest first, and of equal ones the first.
        order = np.lexsort((chosen, -values, rows))
        fields = {
            "label": Labels(names["intent"], chosen[order]),
            "score": rounded(values[order]),
        }
        labels = Objects(np.bincount(rows, minlength=len(texts)), fields)
        return {"labels": labels, "truncated": truths(outputs["truncated"])}

    def finds_nothing(self, answer: LabelsAnswer) -> bool:
        """Tell whether the text has no label."""
        return not answer.labels

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        return {"labels": [{"label": str, "score": float}], **types_of_scores(top)}

    def to_row(self, answer: LabelsAnswer, names: Names) -> dict[str, Any]:
        places = {label: place for place, label in enumerate(names["intent"])}
        return {
            "labels": [[places[x], round(score, 4)] for x, score in answer.labels.items()],
            "score": round(answer.score, 4),
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> LabelsAnswer:
        labels = {names["intent"][place]: float(score) for place, score in row["labels"]}
        return LabelsAnswer(labels, float(row["score"]), bool(row["truncated"]))

    def is_labeled(self, example: Example) -> bool:
        return example.text_labels is not None

    def as_example(self, text: str, answer: LabelsAnswer) -> Example:
        return Example(text, None, intents=tuple(answer.labels))

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        for label in example.text_labels or ():
            yield "intent", "label", label

    def class_scores(
        self, examples: Sequence[Example], answers: Sequence[LabelsAnswer]
    ) -> dict[str, Score]:
        _, scores = label_set_scores(_gold(examples), [frozenset(a.labels) for a in answers])
        return {label: score for label, score in scores.items() if score.support}

    def measure(
        self, examples: Sequence[Example], answers: Sequence[LabelsAnswer]
    ) -> dict[str, float]:
        """Measure "micro_f1" over all labels of all texts, "macro_f1", the mean of each label's,
        and "exact_match", the share of texts with all their labels and no other."""
        gold, predicted = _gold(examples), [frozenset(answer.labels) for answer in answers]
        return {
            "micro_f1": micro_f1(gold, predicted),
            "macro_f1": macro_f1(self.class_scores(examples, answers)),
            "exact_match": accuracy(gold, predicted),
        }

    def labeled_texts(self, examples: Sequence[Example]) -> dict[str, LabeledTexts]:
        texts = [example.text for example in examples]
        return {"micro_f1": LabeledTexts(texts, _gold(examples), micro_f1, several=True)}

    def decisions(self, example: Example, answer: LabelsAnswer) -> Iterator[tuple[str, str, str]]:
        gold = frozenset(example.text_labels or ())
        for label in sorted(gold | answer.labels.keys()):
            yield "label", label if label in gold else "", label if label in answer.labels else ""

    def same(self, one: LabelsAnswer, other: LabelsAnswer) -> bool:
        return one.labels.keys() == other.labels.keys()

    def goal(self, answer: LabelsAnswer, names: Names, asked: Asked) -> Goal:
        no_spans(asked, self.name)
        ((best, _),) = best_first(answer.scores, 1)
        return label_goal(best, names["intent"], asked)

    def worth(self, answer: LabelsAnswer, goal: Goal) -> float:
        return answer.scores[goal.label]

    def is_decided(self, answer: LabelsAnswer) -> bool:
        return answer.score - CHOSEN > TIE


def micro_f1(gold: Sequence[LabelSet], predicted: Sequence[LabelSet]) -> float:
    """Compute the F1 over all labels of all texts, 0 to 1."""
    return label_set_scores(gold, predicted)[0].f1


def _gold(examples: Sequence[Example]) -> list[LabelSet]:
    return [frozenset(example.text_labels or ()) for example in examples]
