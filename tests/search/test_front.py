"""The front, its picture and its page."""

import re
import xml.etree.ElementTree as Tree

from edgetext.search.front import front, page, picture, shown
from edgetext.search.limits import Cost, Limits
from edgetext.search.record import MEASURED, SKIPPED, Record, Records

CHOICE = {"way": "prune", "kept": 0.5, "vocabulary": 900, "precision": "int8"}


def record(name, size, latency, drop, status=MEASURED):
    return Record(name, CHOICE, status, "", 4, 9.5, [2.0, drop], {}, Cost(size, latency, drop))


TRIALS = [
    record("a", 100_000, 0.2, 3.0),
    record("b", 200_000, 0.1, 1.0),
    record("c", 300_000, 0.3, 1.5),
    record("d", 900_000, 0.3, 0.0, SKIPPED),
]
FINAL = [record("b", 200_000, 0.11, 0.25)]


def test_what_another_equals_or_beats_is_not_in_the_front():
    points = [(1.0, -3.0), (2.0, -1.0), (3.0, -1.5), (2.0, -2.0), (4.0, -1.0)]
    assert front(points) == [(1.0, -3.0), (2.0, -1.0)]


def test_the_picture_is_an_svg_with_a_mark_for_each_measured_model():
    models = shown(TRIALS, FINAL)
    assert [one.number for one in models] == [1, 2, 3, 4] and models[3].final
    text = picture(models)
    assert Tree.fromstring(text).tag.endswith("svg")
    assert text.count('class="mark"') == 2 * 4


def test_the_page_needs_nothing_else_and_holds_every_trial():
    text = page("tiny", {"accuracy": 0.9}, Limits(250_000, None, 0.5), TRIALS, FINAL)
    assert not re.search(r'(src|href)="(?!data:)', text)
    assert text.count("<tr>") == 1 + len(TRIALS) + len(FINAL)
    assert "final, within" in text and "over in size, drop" in text
    assert "accuracy 90.00" in text


def test_a_page_without_a_measured_trial_still_has_its_table():
    text = page("tiny", {"accuracy": 0.9}, Limits(1), TRIALS[3:], [])
    assert "900,000" in text


def test_trials_are_read_back_and_a_cut_line_is_dropped(tmp_path):
    path = tmp_path / "trials.jsonl"
    kept = Records(path)
    for one in TRIALS[:2]:
        kept.add(one)
    path.write_bytes(path.read_bytes() + b'{"name": "c", ')
    again = Records(path)
    assert again.rows == TRIALS[:2]
    again.add(TRIALS[2])
    assert Records(path).rows == TRIALS[:3]
    assert again.find("b") == TRIALS[1] and again.of(SKIPPED) == []
