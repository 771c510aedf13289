"""The reader of plain text: a line a text, and WikiText's own marks."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.plain_text import UNKNOWN_WORD, Text
from edgetext.text.vocabulary import UNK, Vocabulary


def read(path, **fields):
    return list(Text(Text.Config(**fields)).read(path, "train"))


def test_a_text_a_line_and_blank_lines_left_out(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(" one \n\n \ntwo\r\n")
    assert [(e.text, e.source) for e in read(path)] == [("one", f"{path}:1"), ("two", f"{path}:4")]
    assert all(e.intent is None for e in read(path))


def test_wikitext_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(" red @-@ tipped , 0 @.@ 7 – 2 @,@ 000 of <unk> <unk>s \n")
    (example,) = read(path, wikitext=True, unknown="<unk>")
    assert example.text == f"red - tipped , 0 . 7 – 2 , 000 of {UNKNOWN_WORD} <unk>s"
    (plain,) = read(path)
    assert "@-@" in plain.text and "<unk> <unk>s" in plain.text


def test_an_unknown_word_is_unknown_to_every_vocabulary():
    text = f"a {UNKNOWN_WORD} b"
    vocabulary = Vocabulary.train([text] * 5, size=60, lowercase=False)
    assert vocabulary.encode(text).ids.tolist().count(UNK) == 1
    assert not any(UNKNOWN_WORD in piece for piece in vocabulary.pieces)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"fine\n\xff\xfe bad\n", r":2: byte 1 of the line is not UTF-8"), (b"\xff\xfea\0", "UTF-16")],
)
def test_bad_bytes_are_named_by_their_line(tmp_path, content, words):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(EdgetextError, match=words):
        read(path)


def test_a_bad_line_can_be_skipped(tmp_path, caplog):
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\n\xff\ntwo\n")
    assert [e.text for e in read(path, on_error="skip")] == ["one", "two"]
    assert "1 line skipped" in caplog.text
