"""The built-in data set: its size, that it never changes, and what its test split holds back."""

import hashlib
import random
import re
from collections import Counter

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import load
from edgetext.data.assistant.reader import data_set
from edgetext.data.assistant.sentences import requests
from edgetext.data.guess import Guess
from edgetext.data.split import text_key

SIZES = {"train": 4725, "valid": 525, "test": 840}


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
    assert all(len(counts) == 21 for counts in intents.values())
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
    assert digest.hexdigest()[:16] == "d77a93e312b054d1"
    again = data_set.__wrapped__()
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


def test_a_tenth_of_the_requests_has_no_slot(data):
    for split, examples in data.items():
        by_intent = {e.intent: [] for e in examples}
        for e in examples:
            by_intent[e.intent].append(not e.spans)
        assert all(by_intent.pop("none")), split
        # A pattern may leave its slot out, so that it can be a few more.
        shares = [sum(bare) / len(bare) for bare in by_intent.values()]
        assert all(0.08 < share < 0.25 for share in shares), split
        assert sum(shares) / len(shares) < 0.14, split


def test_none_says_other_things_in_the_test_split(data):
    patterns, _ = load()
    assert len(patterns.seen["none"]) > 80 and len(patterns.unseen["none"]) > 40
    assert not any("{" in line for line in patterns.seen["none"] + patterns.unseen["none"])
    for intent, lines in patterns.unseen.items():
        assert not set(lines) & set(patterns.seen[intent]), intent
    known = {pattern(e) for e in data["train"]}
    assert not [e.text for e in data["test"] if not e.spans and pattern(e) in known]


def test_patterns_that_make_too_few_texts_are_refused():
    taken = set()
    with pytest.raises(
        EdgetextError, match=r"1 patterns of an intent \['stop \[it\]'\] make 2 of 3"
    ):
        requests(["stop [it]"], {}, 3, 3, random.Random(0), taken)
    assert taken == {"stop", "stop it"}
    with pytest.raises(EdgetextError, match=r"0 patterns of an intent \[\] make 0 of 1"):
        requests(["wake me at {time}"], {"time": ["noon"]}, 2, 1, random.Random(0), set())


def test_it_takes_no_file(tmp_path):
    with pytest.raises(EdgetextError, match="reads no file"):
        Guess("assistant").reader().read(tmp_path / "x", "train")
