"""Questions about passages, in SQuAD's JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.formats.arrow_rows import is_arrow, read_records
from edgetext.data.formats.json_items import first_object, is_list, listed
from edgetext.data.formats.json_objects import as_object, read_object
from edgetext.data.lines import read_content, read_lines
from edgetext.data.reader import Item, Reader, attempt, make_example, make_pair
from edgetext.registry import register

ANSWER = "answer"


@register("reader", "squad")
class Squad(Reader):
    """SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016 and 2018), TyDi QA's gold passages and the like.

    An example's texts are the question and the passage; its span is the first answer, in the
    passage, and its references are the texts of all of them. A question without answers, or with
    `is_impossible`, has neither. A split by shares goes by passages: those of one are never in two
    splits. Flat ones, an object a question, may be rows of Parquet or Arrow files, which need
    pyarrow.
    """

    def split_key(self, example: Example) -> str:
        return str(example.text_b)

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        questions: Iterator[tuple[Any, Any, str]]
        if is_arrow(path):
            questions = (_asked(row, f"{path}:row {n}") for n, row in read_records(path))
        else:
            questions = _flat(path) if is_flat(path) else _questions(path)
        for context, question, source in questions:
            yield attempt(_example, context, question, source)


def is_flat(path: Path) -> bool:
    """Tell whether a file has an object a question, a line each or in one list."""
    try:
        return {"question", "context"} <= first_object(path).keys()
    except EdgetextError:
        return False  # one document over many lines


def _flat(path: Path) -> Iterator[tuple[Any, Any, str]]:
    """(context, question, source) of a file with an object a question, as Hugging Face's data sets
    have them: `answers` are a list of texts beside one of answer_start."""
    content = read_content(path)
    rows: Iterable[tuple[int, Any]] = listed(path)
    if not is_list(content):
        rows = ((n, read_object(row, f"{path}:{n}")) for n, row in read_lines(path) if row.strip())
    for number, value in rows:
        source = f"{path}:{number}"
        yield _asked(as_object(value, source), source)


def _asked(value: Mapping[str, Any], source: str) -> tuple[Any, Any, str]:
    """(context, question, source) of an object a question."""
    question, answers = dict(value), value.get("answers")
    if isinstance(answers, dict):
        starts, texts = answers.get("answer_start") or (), answers.get("text") or ()
        question["answers"] = [
            {"answer_start": start, "text": text}
            for start, text in zip(starts, texts, strict=False)
        ]
    return question.get("context"), question, source


def _questions(path: Path) -> Iterator[tuple[Any, Any, str]]:
    """(context, question, source), the source by the question's id; where an earlier one has the
    same, as in TyDi QA, by its place too."""
    known: set[str] = set()
    count = 0
    try:
        content = json.loads(read_content(path))
        articles = content["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                for question in paragraph["qas"]:
                    name = str(question["id"]).replace(":", "_")
                    count += 1
                    if name in known:
                        name = f"{name} (question {count} of the file)"
                    known.add(name)
                    yield paragraph["context"], question, f"{path}:{name}"
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise EdgetextError(f"{path}:{line}: not JSON; give a file in SQuAD's format") from error
    except (KeyError, TypeError) as error:
        raise EdgetextError(
            f"{path}: not SQuAD's JSON ({error}); it is data, then paragraphs with a context and "
            "qas, each with an id, a question and answers"
        ) from error


def _example(context: Any, question: dict[str, Any], source: str) -> Example:
    asked, listed = question.get("question"), question.get("answers") or []
    if not isinstance(asked, str) or not isinstance(context, str) or not isinstance(listed, list):
        raise EdgetextError(f"{source}: a question and its context are texts, answers a list")
    pair = make_pair(asked, context, None, source)
    if question.get("is_impossible") or not listed:
        return pair
    spans, texts = [], []
    for answer in listed:
        start, text = _place(answer, context, source)
        spans.append((ANSWER, start, start + len(text)))
        texts.append(text)
    located = make_example(context, None, spans[:1], source)
    return replace(pair, spans=located.spans, references=tuple(dict.fromkeys(texts)))


def _place(answer: Any, context: str, source: str) -> tuple[int, str]:
    """Where an answer begins, in characters, and its text; EdgetextError where it does not stand
    there."""
    fields = answer if isinstance(answer, dict) else {}
    start, text = fields.get("answer_start"), fields.get("text")
    if not isinstance(start, int) or not isinstance(text, str):
        raise EdgetextError(f"{source}: an answer needs a text and answer_start, a whole number")
    if not text.strip():
        raise EdgetextError(
            f"{source}: the answer is empty; write it, or set is_impossible where there is none"
        )
    if start < 0 or context[start : start + len(text)] != text:
        found = context.find(text)
        where = f"it stands at {found}" if found >= 0 else "it is nowhere in the passage"
        raise EdgetextError(
            f"{source}: the answer {text!r:.60} is not at character {start} of the passage "
            f"({where}); correct answer_start or remove the question"
        )
    return start, text
