"""JSON in UTF-8."""

import json
from math import inf, nan

import pytest

from edgetext.core.json_bytes import to_json


@pytest.mark.parametrize(
    "value",
    [{"a": [1, 0.1, True, None, "é\U0001f600"]}, {"\ud800": "a\udfff", "b": [0.1]}, [-inf, inf]],
)
def test_what_is_written_is_read_as_it_was(value):
    assert json.loads(to_json(value)) == value


def test_blanks_stand_nowhere_and_what_is_no_number_is_a_constant():
    assert to_json({"a": [1, nan]}) == b'{"a":[1,NaN]}'
    assert to_json({"a": "\ud800", "b": 1}) == rb'{"a":"\ud800","b":1}'


def test_what_json_has_no_form_for_is_refused():
    with pytest.raises(TypeError):
        to_json({"a": object()})
