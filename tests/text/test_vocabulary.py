"""Vocabularies are trained and loaded as promised, and bad ones are refused with a sentence."""

import json
import subprocess
import sys

import numpy as np
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.text.encoding import character_starts
from edgetext.text.vocabulary import MAX_PIECE_CHARACTERS, SPECIAL_PIECES, Vocabulary

TEXTS = ["wake me up at seven", "wake the naïve cat", "wakeful, unwakeable", "ÜBER alles"] * 2


def test_training_gives_the_same_pieces_in_every_process():
    script = (
        "from edgetext.text.vocabulary import Vocabulary\n"
        f"print(ascii(Vocabulary.train({TEXTS!r}, size=60).pieces))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] == ascii(Vocabulary.train(TEXTS, size=60).pieces) + "\n"


def test_training_begins_with_the_special_pieces_and_keeps_to_the_size():
    vocabulary = Vocabulary.train(TEXTS, size=60)
    assert tuple(vocabulary.pieces[:3]) == SPECIAL_PIECES
    assert len(vocabulary) <= 60
    assert "wake" in vocabulary.ids


def test_training_takes_any_iterable():
    once = Vocabulary.train((text for text in TEXTS), size=60)
    assert once.pieces == Vocabulary.train(TEXTS, size=60).pieces


def test_training_leaves_out_very_long_pieces():
    word = "x" * 5 + "abcdefghijklmnopqrstuvwxyz"
    vocabulary = Vocabulary.train([word] * 50, size=400)
    assert max(len(piece.removeprefix("##")) for piece in vocabulary.pieces) <= MAX_PIECE_CHARACTERS
    assert "[UNK]" not in [vocabulary.pieces[i] for i in vocabulary.encode(word).ids]


def test_case_and_accents_are_kept_only_when_cased():
    uncased = Vocabulary.train(TEXTS, size=60)
    cased = Vocabulary.train(TEXTS, size=60, lowercase=False)
    assert uncased.normalize("ÜBER naïve") == "uber naive"
    assert cased.normalize("ÜBER naïve") == "U\u0308BER nai\u0308ve"
    assert "##\u0308" in cased.ids and "##\u0308" not in uncased.ids


def test_encoding_gives_pieces_word_starts_and_bytes():
    vocabulary = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "na", "##ive", "!", "cat"])
    encoding = vocabulary.encode("Naïve cat! dog")
    assert encoding.ids.tolist() == [2, 3, 4, 6, 5, 1]
    assert encoding.first.tolist() == [False, True, False, True, True, True]
    assert encoding.start.tolist() == [0, 0, 2, 7, 10, 12]
    assert encoding.end.tolist() == [0, 2, 6, 10, 11, 15]
    assert (encoding.ids.dtype, encoding.start.dtype) == (np.int64, np.int32)


def test_encoding_nothing_gives_the_mark_alone():
    encoding = Vocabulary.train(TEXTS, size=60).encode("")
    assert (encoding.ids.tolist(), encoding.first.tolist()) == ([2], [False])


def test_words_that_look_like_special_pieces_are_text():
    vocabulary = Vocabulary.train(TEXTS, size=60)
    assert 2 not in vocabulary.encode("[CLS]").ids[1:]
    assert 0 not in vocabulary.encode("[PAD]").ids


def test_character_starts_counts_utf8_bytes():
    assert character_starts("aé今👍").tolist() == [0, 1, 3, 6, 10]


def test_a_vocab_txt_is_read_with_its_special_pieces_moved_to_the_front(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("[PAD]\n[unused0]\n[UNK]\n[CLS]\n[SEP]\nthe\n##s\n", "utf-8")
    pieces = Vocabulary.load(path).pieces
    assert pieces == ["[PAD]", "[UNK]", "[CLS]", "[unused0]", "[SEP]", "the", "##s"]


def test_a_vocab_txt_without_a_last_line_end_is_read(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("[UNK]\nthe\n##s", "utf-8")
    assert Vocabulary.load(path).pieces == ["[PAD]", "[UNK]", "[CLS]", "the", "##s"]


def test_a_vocab_txt_with_windows_line_ends_is_read(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes(b"[UNK]\r\nthe\r\n##s\r\n")
    assert Vocabulary.load(path).pieces == ["[PAD]", "[UNK]", "[CLS]", "the", "##s"]


def test_a_tokenizer_json_is_read_in_id_order(tmp_path):
    path = tmp_path / "tokenizer.json"
    vocab = {"##s": 3, "[UNK]": 0, "the": 2, "[CLS]": 1}
    path.write_text(json.dumps({"model": {"type": "WordPiece", "vocab": vocab}}), "utf-8")
    assert Vocabulary.load(path).pieces == ["[PAD]", "[UNK]", "[CLS]", "the", "##s"]


@pytest.mark.parametrize(
    ("longest", "limit"), [(2, 8), (8, 8), (9, 16), (16, 16), (17, 32), (40, 32)]
)
def test_the_limit_of_pieces_is_the_lowest_that_cuts_no_word_of_the_texts(longest, limit):
    vocabulary = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "a", "##a"])
    limited = vocabulary.limited(["aa aa", f"aa {'a' * longest}", ""])
    assert limited.word_pieces == limit
    assert limited.pieces == vocabulary.pieces and limited.rules == vocabulary.rules


def test_a_vocabulary_without_words_to_look_at_has_the_lowest_limit():
    assert Vocabulary(["[PAD]", "[UNK]", "[CLS]"]).limited(["", " "]).word_pieces == 8


def test_a_header_of_before_there_was_a_choice_keeps_its_limit():
    vocabulary = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "a"], word_pieces=8)
    header = vocabulary.to_header()
    assert Vocabulary.from_header(header).word_pieces == 8
    del header["word_pieces"]
    assert Vocabulary.from_header(header).word_pieces == 32


def test_a_header_gives_the_vocabulary_back():
    vocabulary = Vocabulary.train(TEXTS, size=60, lowercase=False)
    again = Vocabulary.from_header(json.loads(json.dumps(vocabulary.to_header())))
    assert (again.pieces, again.lowercase) == (vocabulary.pieces, False)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("vocab.txt", b"the\n##s\n", "no [UNK]"),
        ("vocab.txt", b"", "no [UNK]"),
        ("vocab.txt", b"[UNK]\n\xff\xfe\n", "cannot be read"),
        ("vocab.txt", b"[UNK]\nthe\nthe\n", "'the' twice"),
        ("tokenizer.json", b"{", "no WordPiece model"),
        ("tokenizer.json", b"[]", "no WordPiece model"),
        (
            "tokenizer.json",
            b'{"model": {"type": "BPE", "vocab": {"[UNK]": 0}}}',
            "no WordPiece model",
        ),
        ("tokenizer.json", b'{"model": {"type": "Unigram", "vocab": [["a", -1.5]]}}', "WordPiece"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused_by_name(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EdgetextError) as error:
        Vocabulary.load(path)
    assert says in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(EdgetextError, match=r"absent\.txt"):
        Vocabulary.load(tmp_path / "absent.txt")


def test_a_vocabulary_that_begins_otherwise_is_refused():
    with pytest.raises(EdgetextError, match=r"\[PAD\], \[UNK\], \[CLS\]"):
        Vocabulary(["a", "b", "c"])
    with pytest.raises(EdgetextError, match="'a' twice"):
        Vocabulary([*SPECIAL_PIECES, "a", "a"])
