"""The artifact contract: what is read, what is refused and in which words."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Span
from edgetext.model.contract import (
    GoldenExample,
    read_golden,
    read_metadata,
    write_golden,
)
from edgetext.tasks.answers.labels import LabelAnswer

FIELDS = {
    "contract": 1,
    "task": "joint",
    "name": "tiny",
    "variant": "int8",
    "labels": {"intent": ["a", "b"], "slots": ["x"]},
    "max_bytes": 64,
}
ANSWER = LabelAnswer("a", 0.9, (Span("x", 0, 3),))


def test_metadata_comes_back():
    found = read_metadata(json.dumps({**FIELDS, "more": 1}), "m.pte")
    assert (found.task, found.name, found.variant) == ("joint", "tiny", "int8")
    assert (found.intents, found.slots, found.max_bytes) == (("a", "b"), ("x",), 64)
    assert found.fields["more"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"contract": 3}, "newer edgetext .*contract 3; .* up to 2.*; upgrade edgetext"),
        ({"task": "dance"}, "task is 'dance'; .* classify, .*joint.*; upgrade edgetext"),
        ({"contract": None}, 'damaged .* no "contract"'),
        ({"labels": None}, "damaged"),
        ({"labels": {"intent": ["a"]}}, "damaged .* lacks 'slots'"),
        ({"max_bytes": "many"}, "damaged"),
    ],
)
def test_what_is_refused(change, words):
    with pytest.raises(EdgetextError, match=rf"^m\.onnx: .*{words}"):
        read_metadata(json.dumps(FIELDS | change), "m.onnx")


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "[" * 100_000])
def test_what_is_no_json_object_is_damaged(text):
    with pytest.raises(EdgetextError, match=r"^m\.onnx: .* damaged or cut short"):
        read_metadata(text, "m.onnx")


METADATA = read_metadata(json.dumps(FIELDS), "m.pte")


def test_golden_examples_come_back():
    examples = [
        GoldenExample("né 👍\n", ANSWER),
        GoldenExample("", LabelAnswer("b", 0.5, (), True)),
    ]
    assert read_golden(write_golden(examples, METADATA), "m.pte", METADATA) == examples


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"text": "a"}]', "no"])
def test_broken_golden_examples_are_damage(text):
    with pytest.raises(EdgetextError, match=r"^m\.pte: .* damaged"):
        read_golden(text, "m.pte", METADATA)
