"""The stored rules are those of the library that is installed."""

import numpy as np
import pytest

from edgetext.text import unicode_table
from edgetext.text.character_rules import CharacterRule
from edgetext.text.unicode import POINTS, asked_rules, character_rules
from edgetext.text.unicode_table import CHOICES, PATH, stored, write


# The library is asked of each character, a second a choice: the fast tests have the one that
# changes most.
@pytest.mark.parametrize(
    ("lowercase", "strip_accents"),
    [pytest.param(*x, marks=[] if all(x) else [pytest.mark.slow]) for x in CHOICES],
)
def test_the_table_is_what_the_library_says(lowercase, strip_accents):
    asked = asked_rules(lowercase, strip_accents)
    assert stored(POINTS, lowercase, strip_accents) == asked
    rules = character_rules(lowercase, strip_accents)
    assert rules == {point: CharacterRule(*rule) for point, rule in asked.items()}
    assert len(rules) == len(asked) and not any(p in rules for p in (-1, 0x110000, 0xD800))


def test_another_release_is_asked_anew(monkeypatch):
    monkeypatch.setattr(unicode_table, "release", lambda: "99.0.0")
    assert stored(POINTS, True, True) is None


def test_a_choice_without_a_table_is_asked():
    assert stored(POINTS, False, True) is None


def test_the_same_rules_give_the_same_bytes(tmp_path, monkeypatch):
    points = [*range(65, 91), 0xC9, 0x20]
    rules = {p: (3, chr(p).lower()) for p in points[:-1]} | {0x20: (1, "")}
    monkeypatch.setattr(unicode_table, "PATH", tmp_path / "table.npz")
    write(points, {(True, True): rules})
    first = unicode_table.PATH.read_bytes()
    assert stored(points, True, True) == rules
    write(points, {(True, True): rules})
    assert unicode_table.PATH.read_bytes() == first


def test_nothing_in_it_is_pickled():
    with np.load(PATH, allow_pickle=False) as table:
        assert all(table[name].dtype != object for name in table)
