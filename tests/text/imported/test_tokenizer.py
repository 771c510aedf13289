"""An imported tokenizer is read whole or refused by name, and comes back from a checkpoint."""

import json

import numpy as np
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.tokenization import pieces_of, read_tokenization, trained_vocabulary
from edgetext.text.vocabulary import Vocabulary


def read(content, max_length=32, **choices):
    return ImportedTokenizer.read(
        content, source="m/tokenizer.json", max_length=max_length, **choices
    )


def changed(content, **fields):
    return json.dumps({**json.loads(content), **fields})


def test_encoding_has_special_tokens_and_byte_offsets(contents):
    encoding = read(contents["uncased"]).encode("Zürich, a")
    assert encoding.ids[[0, -1]].tolist() == [2, 3]
    assert encoding.start[0] == encoding.end[0] == 0
    words = np.flatnonzero(encoding.first)
    assert encoding.start[words].tolist() == [0, 7, 9]
    assert encoding.end[-2:].tolist() == [10, 10]


def test_a_header_gives_the_same_tokenizer_back(contents):
    tokenizer = read(contents["cased"])
    header = json.loads(json.dumps(tokenizer.to_header()))
    again = read_tokenization(header)
    assert isinstance(again, ImportedTokenizer)
    assert again.pieces == tokenizer.pieces == pieces_of(header)
    assert len(again) == len(tokenizer.pieces)
    assert again.encode("Wake me").ids.tolist() == tokenizer.encode("Wake me").ids.tolist()


def test_a_vocabulary_of_edgetext_comes_back_without_a_type():
    vocabulary = Vocabulary.train(["wake me up"], size=50)
    again = read_tokenization(vocabulary.to_header())
    assert isinstance(again, Vocabulary)
    assert again.pieces == vocabulary.pieces == pieces_of(vocabulary.to_header())
    assert trained_vocabulary(again, "task lm") is again


def test_what_needs_pieces_of_edgetext_says_so(contents):
    with pytest.raises(EdgetextError, match="task lm needs a vocabulary that edgetext trained"):
        trained_vocabulary(read(contents["cased"]), "task lm")


def test_a_newer_type_is_refused():
    with pytest.raises(EdgetextError, match="has the type 'glyphs'"):
        read_tokenization({"type": "glyphs"})


def test_another_file_may_say_that_case_is_kept(contents):
    assert "T" in read(contents["cased"]).pieces
    folded = read(contents["cased"], lowercase=True)
    assert folded.encode("WAKE").ids.tolist() == folded.encode("wake").ids.tolist()


REFUSED = {
    "model": (
        {"model": {"type": "WordLevel", "vocab": {}, "unk_token": "a"}},
        "model is WordLevel",
    ),
    "normalizer": ({"normalizer": {"type": "Nmt"}}, "normalizer is Nmt"),
    "pre-tokenizer": ({"pre_tokenizer": {"type": "UnicodeScripts"}}, "pre-tokenizer is Unicode"),
    "post-processor": ({"post_processor": None}, "post-processor has 0 templates"),
}


@pytest.mark.parametrize("stage", REFUSED)
def test_a_stage_that_cannot_be_compiled_is_named(contents, stage):
    fields, message = REFUSED[stage]
    with pytest.raises(EdgetextError) as error:
        read(changed(contents["uncased"], **fields))
    text = str(error.value)
    assert text.startswith("m/tokenizer.json: the tokenizer's ")
    assert message in text
    assert "edgetext distill" in text


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": 1}', b"\xff"])
def test_what_is_no_tokenizer_is_refused(content):
    with pytest.raises(EdgetextError, match=r"m/tokenizer\.json: holds no tokenizer"):
        read(content)


def test_special_tokens_must_leave_room(contents):
    with pytest.raises(EdgetextError, match="3 are special tokens; give a higher maximum length"):
        read(contents["cased"], max_length=3)
