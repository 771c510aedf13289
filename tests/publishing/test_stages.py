"""The journal of a stage: keys, their order, and what a rollback goes back to."""

import json
import random

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.publishing.stages import (
    Event,
    is_key,
    new_event,
    next_key,
    order,
    read_event,
    versions_in_turn,
)

A, B, C = "a" * 64, "b" * 64, "c" * 64


def events(*steps):
    """Events of ("stage" or "rollback", version)."""
    return [Event(action, version, "", "") for action, version in steps]


def test_a_key_is_after_all_that_were_seen():
    keys = []
    for _ in range(12):
        keys.append(next_key(random.sample(keys, len(keys))))
    assert sorted(keys, key=order) == keys
    assert all(map(is_key, keys))


def test_keys_made_at_once_differ_and_have_one_order():
    keys = {next_key(["00000007-00"]) for _ in range(100)}
    assert len(keys) == 100 and {order(key)[0] for key in keys} == {8}


def test_numbers_are_ordered_beyond_their_digits():
    assert sorted(["100000000-a", "99999999-a"], key=order)[-1] == "100000000-a"


@pytest.mark.parametrize("name", ["manifest", "1", "-a", "x-1", ".00000001-a"])
def test_other_files_are_no_events(name):
    assert not is_key(name)


def test_an_event_is_read_as_it_was_written():
    event = new_event("rollback", A, B)
    assert read_event(event.to_json(), "x") == event


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "\x00", json.dumps({"action": "x", "version": A}), "[" * 9999]
)
def test_a_damaged_event_is_named(content):
    with pytest.raises(EdgetextError, match=r"^x\.json: this record of a stage is damaged"):
        read_event(content, "x.json")


def test_a_rollback_goes_back_further_each_time():
    steps = [("stage", A), ("stage", B), ("stage", C)]
    assert versions_in_turn(events(*steps)) == [A, B, C]
    steps.append(("rollback", B))
    assert versions_in_turn(events(*steps)) == [A, B]
    steps.append(("rollback", A))
    assert versions_in_turn(events(*steps)) == [A]
    steps.append(("stage", C))
    assert versions_in_turn(events(*steps)) == [A, C]


def test_a_version_that_is_staged_twice_is_gone_back_to():
    steps = [("stage", A), ("stage", B), ("stage", A)]
    assert versions_in_turn(events(*steps)) == [A, B, A]
    assert versions_in_turn(events(*steps, ("stage", A))) == [A, B, A]


def test_a_rollback_to_what_is_no_more_in_turn_leads_there_all_the_same():
    assert versions_in_turn(events(("stage", A), ("rollback", B))) == [A, B]
