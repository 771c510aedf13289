"""Every published data set that a reader is for is read to its end."""

import os
from pathlib import Path

import pytest

from edgetext.data.check import check
from edgetext.data.guess import guess
from edgetext.data.user_files import file_sources

pytestmark = pytest.mark.realdata
DATA = Path(os.environ.get("EDGETEXT_DATA", Path(__file__).parents[3] / "shared" / "data"))

WHOLE = [
    ("snips", "seq_folder", {"train": 13084, "valid": 700, "test": 700}, 7, 39),
    (
        "clinc150/data_full.json.gz",
        "clinc150",
        {"train": 15100, "valid": 3100, "test": 5500},
        151,
        0,
    ),
    ("mtod_en_es_th/en", "mtod", {"train": 30521, "valid": 4181, "test": 8621}, 12, 15),
    ("mtod_en_es_th/es", "mtod", {"train": 3617, "valid": 1983, "test": 3043}, 12, 11),
    ("mtod_en_es_th/th", "mtod", {"train": 2156, "valid": 1235, "test": 1692}, 10, 8),
    ("wnut17/wnut17train.conll", "conll", {"train": 3394}, 0, 6),
    ("wnut17/emerging.dev.conll", "conll", {"train": 1009}, 0, 6),
    ("wnut17/emerging.test.annotated", "conll", {"train": 1287}, 0, 6),
    ("ud_english_ewt/en_ewt-ud-train.conllu.gz", "conllu", {"train": 12544}, 0, 33),
    ("ud_english_ewt/en_ewt-ud-dev.conllu.gz", "conllu", {"train": 2001}, 0, 27),
    ("ud_english_ewt/en_ewt-ud-test.conllu.gz", "conllu", {"train": 2077}, 0, 25),
]


@pytest.mark.parametrize(("name", "kind", "counts", "intents", "slots"), WHOLE)
def test_a_published_data_set(name, kind, counts, intents, slots):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no {path}")
    sources = file_sources([path])
    report = check(sources)
    assert guess(sources[0].path).type == kind
    assert report.unreadable.first == []
    assert {part.split: part.examples for part in report.splits} == counts
    assert len(report.splits[0].intents) == intents
    assert len(report.splits[0].slots) == slots


def test_answers_that_a_published_file_withholds_are_named():
    path = DATA / "tydiqa_goldp/en.dev.json.gz"
    if not path.exists():
        pytest.skip(f"no {path}")
    report = check(file_sources([path]))
    assert report.unreadable.count == 440
    assert "the answer is empty" in report.unreadable.first[0]
