"""`POST /v1/predict`: texts in JSON, and answers as people read them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from edgetext.data.text_range import decoded
from edgetext.serving.deployments import Deployment
from edgetext.serving.exchange import (
    JSON,
    Endpoint,
    RefusalError,
    Request,
    Response,
    invalid,
    json_response,
)
from edgetext.serving.served import Served
from edgetext.serving.settings import Limits
from edgetext.serving.waiting import Text

# The last code point that is one unit of UTF-16.
ONE_UNIT = 0xFFFF


def _whole(value: Any) -> Any:
    """Take 2.0 as 2, which JSON does not tell apart."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Question(BaseModel):
    """One text, or several in `texts`, each a text or a pair; which fields are given is in
    model_fields_set. `openapi.question_schema` says the same in JSON Schema."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = ""
    text_b: str = ""
    # Of a list here a copy would be made for each request.
    texts: list[str | list[str]] = Field(default_factory=list)
    model: str = ""
    top: Annotated[int, Field(ge=1), BeforeValidator(_whole)] = 1


def question_endpoint(deployments: Mapping[str, Deployment], limits: Limits) -> Endpoint:
    """Give the endpoint of `/v1/predict`."""

    async def endpoint(request: Request) -> Response:
        question = _read(request)
        deployment = _deployment(question, deployments)
        model = deployment.choose(request)
        request.model = model.name
        texts = _texts(question, model, limits.texts)
        request.note(model.name, texts)
        deadline = limits.end(request.arrival)
        answers = await model.waiting.ask(texts, model.answers, deadline)
        deployment.answered(request, model, texts, answers)
        rows = [
            as_json(answer, text, question.top) for answer, text in zip(answers, texts, strict=True)
        ]
        if "text" in question.model_fields_set:
            return json_response({"model": model.name, **rows[0]})
        return json_response({"model": model.name, "answers": rows})

    return endpoint


def as_json(answer: Any, text: Text, top: int) -> dict[str, Any]:
    """Give an answer as JSON values, its places in bytes, code points and units of UTF-16."""
    fields: dict[str, Any] = answer.as_json(text[0], top, *text[1:])
    content = decoded(text[-1])
    beyond = [] if content.isascii() else [i for i, c in enumerate(content) if ord(c) > ONE_UNIT]
    _add_units(fields, beyond)
    return fields


def _add_units(value: dict[str, Any], beyond: list[int]) -> None:
    """Add units of UTF-16 beside code points; beyond: which code points of the text have two, in
    their order."""
    if "char_start" in value and "char_end" in value:
        start, end = value["char_start"], value["char_end"]
        value["utf16_start"] = start + bisect_left(beyond, start) if beyond else start
        value["utf16_end"] = end + bisect_left(beyond, end) if beyond else end
    _add_units_to(value.values(), beyond)


def _add_units_to(values: Iterable[Any], beyond: list[int]) -> None:
    for value in values:
        # Of JSON values these classes alone hold others, and to look at a class takes less time
        # than isinstance.
        if type(value) is dict:
            _add_units(value, beyond)
        elif type(value) is list:
            _add_units_to(value, beyond)


def _read(request: Request) -> Question:
    kind = request.headers.get(b"content-type", JSON).partition(b";")[0].strip().lower()
    if kind != JSON:
        raise RefusalError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "the request's Content-Type is not application/json; send JSON with that header",
        )
    try:
        return Question.model_validate_json(request.body)
    except ValidationError as error:
        raise invalid(error) from error


def _deployment(question: Question, deployments: Mapping[str, Deployment]) -> Deployment:
    if "model" not in question.model_fields_set:
        if len(deployments) == 1:
            return next(iter(deployments.values()))
        raise RefusalError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"model: say which one, of {', '.join(deployments)}"
        )
    if question.model not in deployments:
        raise RefusalError(
            HTTPStatus.NOT_FOUND,
            f"model: there is none of that name here; there are {', '.join(deployments)}",
        )
    return deployments[question.model]


def _texts(question: Question, model: Served, most: int) -> list[Text]:
    """Give what is asked as bytes; RefusalError where the texts are not those that it reads."""
    given = question.model_fields_set
    alone = "text" in given
    if alone == ("texts" in given):
        raise _unprocessable("give text, or a list of them as texts")
    if alone:
        both = [[question.text, question.text_b] if "text_b" in given else [question.text]]
    elif "text_b" in given:
        raise _unprocessable("text_b goes with text; in texts give pairs [text, text_b]")
    else:
        both = [[x] if isinstance(x, str) else x for x in question.texts]
    if not both:
        raise _unprocessable("texts: give at least one")
    if len(both) > most:
        raise _unprocessable(f"texts: there are {len(both)}, and the server takes {most} at once")
    for number, parts in enumerate(both):
        if len(parts) != len(model.inputs):
            where = "" if alone else f"texts.{number}: "
            raise _unprocessable(
                f"{where}{model.name} reads {' and '.join(model.inputs)}, and the request has "
                f"{len(parts)} text(s)"
            )
    return [tuple(part.encode("utf-8", "replace") for part in parts) for parts in both]


def _unprocessable(sentence: str) -> RefusalError:
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
