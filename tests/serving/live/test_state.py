"""What is stored, and what a folder is refused for."""

import sqlite3

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.serving.live.remembered import Remembered
from edgetext.serving.live.state import FILE, TEXTS, State

PAIRS = {"a": {"serving": "1", "candidate": "2", "kind": "shadow"}}


def remembered_of(*names):
    remembered = Remembered(10, 24)
    for time, name in enumerate(names):
        remembered.put(name, time, {"name": name})
    return remembered


def test_all_comes_back(tmp_path):
    state = State(tmp_path / "state", PAIRS)
    state.save({"a": {"n": 1}}, remembered_of("x", "y"), [("a", "one"), ("a", "two")], -1)
    state.close()
    state = State(tmp_path / "state", PAIRS)
    assert state.tallies() == {"a": {"n": 1}} and state.texts("a") == ["two", "one"]
    assert state.answers(10) == [("x", 0, b'{"name":"x"}'), ("y", 1, b'{"name":"y"}')]
    assert [row[0] for row in state.answers(1)] == ["y"]


def test_old_answers_and_texts_go(tmp_path):
    state = State(tmp_path, PAIRS)
    state.save({"a": {}}, remembered_of("x", "y", "z"), [("a", i) for i in range(TEXTS + 5)], 1)
    assert [row[0] for row in state.answers(10)] == ["y", "z"]
    texts = state.texts("a")
    assert len(texts) == TEXTS and texts[0] == TEXTS + 4


def test_other_models_are_refused(tmp_path):
    State(tmp_path, PAIRS).close()
    other = {"a": {**PAIRS["a"], "candidate": "3"}}
    with pytest.raises(
        EdgetextError, match=r"other models .* with the shadow 2.* with the shadow 3"
    ):
        State(tmp_path, other)
    State(tmp_path, PAIRS)


def test_a_second_server_is_refused(tmp_path):
    first = State(tmp_path, PAIRS)
    with pytest.raises(EdgetextError, match="another server keeps its --state there"):
        State(tmp_path, PAIRS)
    first.close()


def test_another_form_is_refused(tmp_path):
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(EdgetextError, match="form 99"):
        State(tmp_path, PAIRS)


def test_what_is_no_database_is_said(tmp_path):
    (tmp_path / FILE).write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(EdgetextError, match="--state cannot be kept there"):
        State(tmp_path, PAIRS)
    (tmp_path / "file").touch()
    with pytest.raises(EdgetextError, match="--state cannot be kept there"):
        State(tmp_path / "file", PAIRS)


def test_a_full_disk_leaves_what_was_there(tmp_path):
    state = State(tmp_path, PAIRS)
    state.save({"a": {"n": 1}}, remembered_of("x"), [], -1)
    (pages,) = state.connection.execute("PRAGMA page_count").fetchone()
    state.connection.execute(f"PRAGMA max_page_count = {pages}")
    large = remembered_of("y")
    large.put("z", 5, {"name": "z" * 100_000})
    with pytest.raises(sqlite3.Error, match="full"):
        state.save({"a": {"n": 2}}, large, [], -1)
    assert state.tallies() == {"a": {"n": 1}} and len(state.answers(10)) == 1
    state.connection.execute("PRAGMA max_page_count = 100000")
    state.save({"a": {"n": 2}}, large, [], -1)
    assert len(state.answers(10)) == 3
