"""The built-in data set: its size, that it never changes, and what its test split holds back."""

import hashlib
import re
from collections import Counter

import pytest

from edgetext.data.assistant.reader import _data_set
from edgetext.data.guess import Guess
from edgetext.data.split import text_key
from edgetext.errors import EdgetextError

SIZES = {"train": 4500, "valid": 500, "test": 800}


@pytest.fixture(scope="module")
def data():
    reader = Guess("assistant").reader()
    return {split: list(reader.read(split=split)) for split in SIZES}


def values(examples):
    for e in examples:
        for span in e.spans:
            yield span.label, e.text.encode()[span.start : span.end].decode().casefold()


def pattern(example):
    """The text with names for its slots, without courtesies and marks."""
    raw = example.text.encode()
    for span in reversed(example.spans):
        raw = raw[: span.start] + f"<{span.label}>".encode() + raw[span.end :]
    text = re.sub(r"\ba[n]? (?=<)", "a ", raw.decode().casefold()).rstrip("?.")
    text = re.sub(r"^(hey, can you|hey,|okay,|now|please|can you|could you please) ", "", text)
    return re.sub(r" (please|thanks|for me)$", "", text)


def test_sizes_labels_and_balance(data):
    assert {split: len(examples) for split, examples in data.items()} == SIZES
    intents = {split: Counter(e.intent for e in examples) for split, examples in data.items()}
    assert all(len(counts) == 20 for counts in intents.values())
    assert all(len(set(counts.values())) == 1 for counts in intents.values())
    slots = {split: {label for label, _ in values(x)} for split, x in data.items()}
    assert slots["train"] == slots["valid"] == slots["test"] and len(slots["train"]) >= 20


def test_no_text_stands_there_twice(data):
    keys = [text_key(e.text).strip("?.") for examples in data.values() for e in examples]
    assert len(set(keys)) == len(keys) == sum(SIZES.values())


def test_it_is_the_same_everywhere(data):
    """Measured figures hold for these bytes alone; whoever changes the grammar measures again."""
    digest = hashlib.sha256()
    for split in SIZES:
        for e in data[split]:
            digest.update(repr((e.text, e.intent, e.spans)).encode())
    assert digest.hexdigest()[:16] == "31f7609ccdd6f108"
    again = _data_set.__wrapped__()
    assert again == data


def test_texts_are_cased_with_numbers_times_and_accents(data):
    texts = [e.text for e in data["train"]]
    assert sum(text[0].isupper() for text in texts) > 1000
    for kind in (r"\d", r"\d:\d\d", r"[é-ž]", r"[?]$"):
        assert sum(bool(re.search(kind, text)) for text in texts) > 200, kind


def test_spans_are_whole_values(data):
    for examples in data.values():
        for _, value in values(examples):
            assert value == value.strip() and value


def test_the_test_split_holds_values_and_patterns_back(data):
    known = set(values(data["train"]))
    unseen = [pair not in known for pair in values(data["test"])]
    assert 0.25 < sum(unseen) / len(unseen) < 0.5
    assert sum(pair not in known for pair in values(data["valid"])) < 0.02 * len(data["valid"])
    patterns = {pattern(e) for e in data["train"]}
    new = sum(pattern(e) not in patterns for e in data["test"])
    assert 0.6 < new / len(data["test"]) < 0.9


def test_it_takes_no_file(tmp_path):
    with pytest.raises(EdgetextError, match="reads no file"):
        Guess("assistant").reader().read(tmp_path / "x", "train")
