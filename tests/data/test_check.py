"""What is found in data while it is read, example after example."""

import json
from collections import Counter

import pytest

from edgetext.data.check import check
from edgetext.data.choices import Choices
from edgetext.data.formats.json_formats import Jsonl
from edgetext.data.source import sources
from edgetext.data.user_files import file_sources
from edgetext.recipe import Recipe

RECIPE = """\
task: classify
data: {type: jsonl, train: d.jsonl, split: {valid: 0.2, test: 0.2}}
text: {vocabulary: 100}
encoder: {type: cnn, embedding: 16, hidden: 16}
training: {epochs: 1}
"""


def lines(rows):
    return "".join(json.dumps({"text": text, "intent": intent}) + "\n" for text, intent in rows)


def test_repeats_are_counted_and_the_first_quoted(write, tmp_path):
    train = [(f"go to {i}", "a") for i in range(20)] + [("Go  to 3", "b"), ("go to 1", "a")]
    test = [(f"go to {i}", "a") for i in range(4, 18)] + [("new", "a")]
    write("d/train.jsonl", lines(train))
    write("d/test.jsonl", lines(test))
    report = check(file_sources([tmp_path / "d"]))
    assert [part.duplicates for part in report.splits] == [2, 0]
    assert (report.leaks.count, len(report.leaks.first)) == (14, 10)
    assert report.leaks.first[0] == (
        f"{tmp_path}/d/test.jsonl:1 (test): 'go to 4' is in train: {tmp_path}/d/train.jsonl:5"
    )
    assert report.conflicts.count == 1
    assert report.conflicts.first == [
        f"{tmp_path}/d/train.jsonl:21: 'Go  to 3' is b and in {tmp_path}/d/train.jsonl:4 a"
    ]
    counts = [(p.examples, p.intents, p.bytes_max, p.bytes_p99) for p in report.splits]
    assert counts == [(22, {"a": 21, "b": 1}, 8, 8), (15, {"a": 15}, 8, 8)]


@pytest.fixture
def scanned(monkeypatch):
    """How often each file was read."""
    counts = Counter()
    scan = Jsonl.scan

    def counted(self, path, split):
        counts[path.name] += 1
        return scan(self, path, split)

    monkeypatch.setattr(Jsonl, "scan", counted)
    return counts


def test_a_file_that_is_divided_is_read_once_for_its_splits(write, scanned):
    write("d.jsonl", lines([(f"text {i}", "ab"[i % 2]) for i in range(60)]) + "no object\n")
    report = check(sources(Recipe.load(write("r.yaml", RECIPE))))
    assert sum(part.examples for part in report.splits) == 60
    assert all(part.examples for part in report.splits)
    assert [part.unreadable for part in report.splits] == [1, 0, 0]
    # Once more to find the labels that training would not show.
    assert scanned == {"d.jsonl": 2}


def test_every_example_is_shown_to_other_checks(write):
    seen = []
    check(file_sources([write("d.jsonl", lines([("a b", "x"), ("c", "y")]))]), seen.append)
    assert [e.text for e in seen] == ["a b", "c"]


def test_a_first_line_may_name_columns_where_there_are_some(write, tmp_path):
    """A line of JSON names its fields itself."""
    rows = [("first", "a"), *((f"go to {i}", "bc"[i % 2]) for i in range(20))]
    write("d.csv", "".join(f"{text},{intent}\n" for text, intent in rows))
    write("d.jsonl", lines(rows))
    numbers = Choices(text="0", label="1", header=False)
    table = check(file_sources([tmp_path / "d.csv"], numbers))
    assert table.first_line.count == 1 and "--header" in table.first_line.first[0]
    assert check(file_sources([tmp_path / "d.jsonl"])).first_line.count == 0
