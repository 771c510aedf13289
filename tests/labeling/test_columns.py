"""Answers in columns are written as the objects that they stand for."""

import json
from types import SimpleNamespace

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from edgetext.core.json_bytes import to_json
from edgetext.labeling.answers import EachAnswer, InColumns
from edgetext.labeling.arrow import array_of, texts_of
from edgetext.predictor import Predictor
from edgetext.tasks.columns import Labels, Objects, Scalars, Texts


@pytest.fixture
def one_by_one(monkeypatch):
    """Make objects of all answers from now on."""

    def let():
        monkeypatch.setattr(Predictor, "has_columns", property(lambda predictor: False))

    yield let


@pytest.fixture
def hard_lines(texts, tmp_path):
    """The hard texts, each on a line."""
    path = tmp_path / "hard.txt"
    path.write_bytes(b"".join(text.replace(b"\n", b"\r") + b"\n" for text in texts))
    return path


@pytest.fixture
def hard_rows(texts, tmp_path):
    """The same as JSON, every third without a text."""
    path = tmp_path / "hard.jsonl"
    rows = [
        {"id": i, "text": text.decode("utf-8", "replace") if i % 3 else None}
        for i, text in enumerate(texts)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


@pytest.fixture
def files(joint_files, classify_files, tag_files, batch_files):
    return {
        "joint": joint_files.onnx,
        "pte": joint_files.pte,
        "classify": classify_files.onnx,
        "tag": tag_files.onnx,
        "batch": batch_files.int8,
    }


@pytest.mark.parametrize("name", ["joint", "pte", "classify", "tag", "batch"])
def test_files_are_those_of_objects(
    files, name, hard_lines, hard_rows, tmp_path, label, one_by_one, small_chunks
):
    def written(folder, more=()):
        (tmp_path / folder).mkdir()
        found = []
        for source in (hard_lines, hard_rows):
            for suffix in ("jsonl", "csv", "parquet"):
                out = tmp_path / folder / f"{source.stem}.{source.suffix[1:]}.{suffix}"
                label(files[name], source, "-o", out, *more)
                found.append(out.read_bytes())
        return found

    fast = written("columns"), written("prefix", ("--prefix", "p%s_"))
    one_by_one()
    assert fast == (written("objects"), written("objects_prefix", ("--prefix", "p%s_")))


COLUMNS = {
    "intent": Labels(['a "b"', "ç%"], np.array([1, 0, 1])),
    "score": Scalars([0.5, 1.0, float("nan")]),
    "spans": Objects(
        np.array([2, 0, 1]),
        {
            "label": Labels(["x", "y"], np.array([0, 1, 1])),
            "start": Scalars([0, 3, 10**6]),
            "text": Texts(['", "', "\x00\n\u2028\\", "Zürich 😀"]),
        },
    ),
    "truncated": Scalars([False, True, False]),
}
ANSWERS = [
    {
        "intent": "ç%",
        "score": 0.5,
        "spans": [
            {"label": "x", "start": 0, "text": '", "'},
            {"label": "y", "start": 3, "text": "\x00\n\u2028\\"},
        ],
        "truncated": False,
    },
    {"intent": 'a "b"', "score": 1.0, "spans": [], "truncated": True},
    {
        "intent": "ç%",
        "score": float("nan"),
        "spans": [{"label": "y", "start": 10**6, "text": "Zürich 😀"}],
        "truncated": False,
    },
]
SPAN = {"label": str, "start": int, "text": str, "score": float}
TYPES = {"intent": str, "score": float, "spans": [SPAN], "truncated": bool}


@pytest.mark.parametrize("places", [None, [1, 2, 4]])
def test_every_form_is_that_of_objects(places):
    rows = ANSWERS if places is None else [None, *ANSWERS[:2], None, ANSWERS[2], None]
    each = EachAnswer(rows)
    columns = InColumns(COLUMNS, places if places is None else np.array(places), len(rows))
    assert columns.fields(TYPES) == each.fields(TYPES)
    assert columns.cells(TYPES) == each.cells(TYPES)
    for one, other in zip(columns.arrays(TYPES), each.arrays(TYPES), strict=True):
        one.validate(full=True)
        assert one.type == other.type and str(one) == str(other)


def test_text_is_escaped_as_elsewhere():
    texts = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert "".join(Texts(texts).json()) == "".join(to_json(text).decode() for text in texts)


def test_columns_in_another_order():
    order = np.array([2, 0, 1])
    taken = {name: column.take(order) for name, column in COLUMNS.items()}
    answers = [ANSWERS[place] for place in order]
    assert InColumns(taken, None, 3).fields(TYPES) == EachAnswer(answers).fields(TYPES)


def test_arrow_refuses_what_is_no_utf8():
    with pytest.raises(pyarrow.ArrowInvalid):
        texts_of([b"a", b"\xff"], pyarrow.string())
    assert texts_of([b"a", b"\xff"], pyarrow.binary()).to_pylist() == [b"a", b"\xff"]
    assert texts_of([], pyarrow.string()).to_pylist() == []


def test_no_objects_at_all():
    column = Objects(np.array([0, 0]), {})
    assert column.json() == ["[]", "[]"]
    assert column.take(np.array([1])).json() == ["[]"]
    assert Objects.joined([column, column]).json() == ["[]"] * 4
    assert array_of(column, [{"label": str}]).to_pylist() == [[], []]


def test_pairs_are_answered_in_columns(tmp_path):
    """A task of two texts, whose answer is about the second."""
    from edgetext.tasks.task import task_of

    names = {"intent": ["no", "yes"], "slots": []}

    def run(first, second):
        scores = np.array([[first.size, second.size]], np.float32) / 20
        return scores, np.array([second.size > 8], np.int32)

    task = task_of("match", names)
    metadata = SimpleNamespace(
        labels=names,
        max_bytes=16,
        fields={"outputs": ["scores", "truncated"]},
        batch=0,
        rules=lambda: task,
    )
    session = SimpleNamespace(metadata=metadata, golden=[], run=run)
    predictor = Predictor(tmp_path, session)
    pairs = [(b"a", b"abc"), (b"", b"x" * 9), (b"abcdefgh", b"ab")] * 200
    assert predictor.has_columns
    fields = InColumns(predictor.columns(pairs), None, len(pairs)).fields({})
    answers = [answer.json_answer(b"") for answer in predictor.predict_many(pairs)]
    assert fields == EachAnswer(answers).fields({})
