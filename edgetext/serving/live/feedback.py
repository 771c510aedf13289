"""`POST /v1/feedback`: what the right answer would have been, and whether a model gave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from edgetext.serving.exchange import RefusalError, invalid
from edgetext.tasks.answering import Names
from edgetext.tasks.prediction import Prediction

# Bytes of a text, more than any request has.
LONGEST = 1 << 31


class FeedbackSpan(BaseModel):
    """A span as /v1/predict writes one; start, end: bytes of the text in UTF-8."""

    model_config = ConfigDict(strict=True)

    label: str
    start: int = Field(ge=0, le=LONGEST)
    end: int = Field(ge=1, le=LONGEST)

    @model_validator(mode="after")
    def _ends_behind_its_start(self) -> FeedbackSpan:
        if self.end <= self.start:
            raise PydanticCustomError("span", "a span's end must be behind its start")
        return self


class Feedback(BaseModel):
    """id: of the request. index: which of its texts, from 0; may be left out where there was one.
    label, labels, spans: what is right; correct: whether the answer was, of tasks that say
    neither."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(min_length=1, max_length=128)
    index: int | None = Field(default=None, ge=0)
    label: str | None = None
    labels: list[str] | None = None
    spans: list[FeedbackSpan] | None = None
    correct: bool | None = None


def read_feedback(body: bytes) -> dict[str, Any]:
    """Read the fields that a request gives; RefusalError where it is no feedback."""
    try:
        fields = Feedback.model_validate_json(body).model_dump(exclude_none=True)
    except ValidationError as error:
        raise invalid(error) from error
    if not fields.keys() & {"label", "labels", "spans", "correct"}:
        raise refuse("give what is right as label, labels or spans, or whether it was as correct")
    return fields


def check(feedback: Mapping[str, Any], answer: Prediction, names: Names) -> None:
    """RefusalError for feedback that is none about this answer, as a label that the model lacks."""
    several = hasattr(answer, "labels")
    _check_labels("label", feedback, answer.intent is not None, names["intent"])
    _check_labels("labels", feedback, several, names["intent"])
    if "spans" in feedback:
        labels = {"spans": [span["label"] for span in feedback["spans"]]}
        _check_labels("spans", labels, bool(names["slots"]), names["slots"])


def _check_labels(
    field: str, feedback: Mapping[str, Any], answered: bool, known: Sequence[str]
) -> None:
    if field not in feedback:
        return
    if not answered:
        raise refuse(f"{field}: the model's answers have none; say correct: true or false instead")
    given = [feedback[field]] if isinstance(feedback[field], str) else feedback[field]
    for label in given:
        if label not in known:
            raise refuse(f"{field}: the model has no label {label!r}; /v2/models/NAME lists them")


def rights(feedback: Mapping[str, Any], answer: Prediction, answered: bool) -> dict[str, bool]:
    """Tell of each kind that feedback is given of whether an answer has it right; answered: whether
    it was the one that the client got, of which alone `correct` speaks. Empty where nothing is
    known of the answer."""
    known: dict[str, bool] = {}
    if "label" in feedback:
        known["label"] = answer.intent == feedback["label"]
    if "labels" in feedback:
        known["labels"] = set(getattr(answer, "labels", ())) == set(feedback["labels"])
    if "spans" in feedback:
        true = {(span["label"], span["start"], span["end"]) for span in feedback["spans"]}
        known["spans"] = {(s.label, s.start, s.end) for s in answer.spans} == true
    if "correct" in feedback and answered:
        known["answer"] = bool(feedback["correct"])
    return known


def refuse(sentence: str) -> RefusalError:
    """Give the refusal of feedback that cannot be counted."""
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
