"""The stream of bad requests: what it sends, and what it sees."""

import re
from random import Random

import click
import pytest

pytest.importorskip("prometheus_client")
from edgetext_bench.experiments.serving_fuzz import asked, run, serving
from edgetext_bench.experiments.serving_fuzz_requests import GOOD, bad_kinds, good_request


def test_each_kind_sends_something_and_a_seed_gives_the_same_again():
    for make in (GOOD | bad_kinds("m")).values():
        one, other = (make(Random(3), "fly to Rome") for _ in range(2))
        assert one == other
        parts, ends = one
        assert b"".join(parts) and ends in ("keep", "half", "close")


def test_good_ones_in_pieces_are_the_whole():
    for number in range(20):
        parts, _ = GOOD["good: in pieces"](Random(number), "fly to Rome")
        assert b"".join(parts) == good_request("fly to Rome")


def test_a_server_answers_as_before(classify_files):
    *rows, _, last = run(classify_files.onnx, 120, 0, warm=10)
    counted = [int(row.split("|")[2].replace(",", "")) for row in rows[2:]]
    assert sum(counted) == 120
    assert re.search(r"120 requests, seed 0: memory [\d.]+ MB before", last)


def test_another_answer_is_seen(classify_files):
    with (
        serving(classify_files.onnx) as (_, address, _),
        pytest.raises(click.ClickException, match=r"request 0 \(good: \w+.*was answered 200"),
    ):
        asked(address, "classify", [("fly", b"another")], 1, 0)
