"""Rules of characters, kept as numbers, are those of the dictionary that they were made of."""

import numpy as np
import pytest

from edgetext.text.character_rules import ISOLATED, SPACE, WORD, CharacterRule, CharacterRules

RULES = {0x20: (SPACE, ""), 0x2C: (ISOLATED, ","), 0x41: (WORD, "a"), 0x61: (WORD, "a")}


@pytest.fixture
def rules():
    return CharacterRules.of(RULES)


def test_each_rule_is_there_once(rules):
    assert rules == {point: CharacterRule(*rule) for point, rule in RULES.items()}
    assert sorted(rules) == sorted(RULES) and len(rules) == len(RULES)


def test_other_code_points_have_none(rules):
    for point in (-1, 0x62, 0x10FFFF, 0x110000):
        assert point not in rules and rules.get(point) is None
    assert "a" not in rules


def test_characters_are_listed_by_what_becomes_of_them(rules):
    assert rules.plain(WORD).tolist() == [0x61] and rules.texts(WORD) == {"a"}
    assert rules.plain(SPACE).tolist() == [] and rules.texts(ISOLATED) == {","}


def test_rules_are_replaced_in_a_copy(rules):
    after = rules.replaced([0x2C, 0x41, 0x61], {0x41: CharacterRule(WORD, "b")})
    assert dict(after) == {0x20: (SPACE, ""), 0x41: (WORD, "b")}
    assert rules[0x61].text == "a" and np.count_nonzero(rules.kinds == WORD) == 1
