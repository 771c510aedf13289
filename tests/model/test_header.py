"""The header of a checkpoint: what old files lack, and what newer ones have more."""

import json
from pathlib import Path

import pytest

from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header, Step
from edgetext.model.history import next_header
from edgetext.text.hashed.folding import Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.tokenization import read_tokenization
from edgetext.text.vocabulary import SPECIAL_PIECES, Vocabulary

FIELDS = {
    "format_version": 1,
    "edgetext_version": "0.1.0",
    "task": "joint",
    "name": "tiny",
    "recipe": {"encoder": {"type": "bag"}},
    "vocabulary": {"pieces": ["[PAD]", "[UNK]", "[CLS]", "é"], "lowercase": True},
    "labels": {"intent": ["a", "b"]},
    "max_bytes": 64,
    "variant": "int8",
    "history": [{"command": "edgetext train", "parent_sha256": None, "metrics": {"accuracy": 1}}],
    "metrics": {"test": {"accuracy": 1}},
    "golden": ["née"],
}
OLD = Path(__file__).parents[1] / "files" / "0.1" / "joint-int8.pt"
SCHEMES = {"embedding": "int8", "encoder.0": "static", "encoder.1": "int4"}


def test_the_schemes_of_a_file_are_what_it_says():
    assert Header.from_dict(FIELDS).quantization == {} and Header.from_dict(FIELDS).quantized
    header = Header.from_dict({**FIELDS, "variant": "mine", "quantization": {"head": "mine"}})
    assert header.quantization == {"head": "mine"} and header.quantized
    assert not Header.from_dict({**FIELDS, "variant": "full"}).quantized


def test_fields_come_back_as_they_were():
    assert Header.from_dict(FIELDS).as_dict() == FIELDS
    named = {**FIELDS, "quantization": SCHEMES}
    assert Header.from_dict(named).as_dict() == named


@pytest.mark.parametrize(
    "vocabulary",
    [
        Vocabulary(SPECIAL_PIECES, look_alikes=True),
        HashedWords(Grams(300, (2, 4), lowercase=True), Folding(("GREEK",))),
    ],
)
def test_an_older_edgetext_refuses_a_file_whose_look_alikes_it_would_not_fold(vocabulary):
    header = json.loads(json.dumps(vocabulary.to_header()))
    fields = Header.from_dict({**FIELDS, "vocabulary": header}).as_dict()
    assert fields["format_version"] == 4
    again = read_tokenization(fields["vocabulary"])
    assert again.to_header() == vocabulary.to_header()
    assert again.encode("p\u0430y").ids.tolist() == vocabulary.encode("pay").ids.tolist()


def test_the_worst_classes_are_kept_until_others_are_measured():
    worst = [{"label": "a", "f1": 0.5, "texts": 3}]
    header = Header.from_dict({**FIELDS, "worst_classes": worst})
    assert header.worst_classes == worst and header.as_dict()["worst_classes"] == worst
    assert next_header(header, None, "int8", {"valid": {}}).worst_classes == ()
    assert next_header(header, None, "int8", {"valid": {}}, worst).worst_classes == worst


def test_fields_of_a_newer_edgetext_survive():
    step = {"command": "x", "parent_sha256": "0", "metrics": {}, "seconds": 3}
    newer = {**FIELDS, "confidence": {"temperature": 2}, "history": [step]}
    header = Header.from_dict(newer)
    assert header.extra == {"confidence": {"temperature": 2}}
    assert header.as_dict() == newer


def test_a_field_that_cannot_be_missing_is_named():
    for name in ("name", "max_bytes", "variant"):
        with pytest.raises(KeyError, match=name):
            Header.from_dict({key: FIELDS[key] for key in FIELDS if key != name})


def test_a_small_model_of_0_1():
    header = Checkpoint.load(OLD).header
    assert header.task == "joint" and header.variant == "int8"
    assert all(isinstance(step, Step) for step in header.history) and header.history
    assert len(header.pieces) > 3
