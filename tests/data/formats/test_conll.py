"""A word a line: markers, comments, documents, plain labels."""

import pytest


def spans(example):
    raw = example.text.encode("utf-8")
    return [(s.label, raw[s.start : s.end].decode("utf-8")) for s in example.spans]


WORDS = "Anna X _ B-PER\nleft X _ O\n"


@pytest.mark.parametrize(
    ("before", "between"),
    [
        ("-DOCSTART- -X- O\n", "\n"),
        ("-DOCSTART- -X- O\n\n", "\n-DOCSTART- -X- O O\n"),
        ("", "-DOCSTART- -X- O\n"),
        ("###MEDLINE:123\n\n", "\n###MEDLINE:124\n\n"),
        ("#begin document (a); part 000\n", "#end document\n#begin document (b); part 000\n"),
        ("# id 5f3c domain=en\n", "\n# id 5f3d domain=en\n"),
        ("# newdoc\n", "\n# sent_id = 2\n"),
    ],
)
def test_markers_and_comments_are_none_of_the_words(write, read, before, between):
    path = write("d.conll", before + WORDS + between + WORDS)
    examples = read("conll", path)
    assert [e.text for e in examples] == ["Anna left"] * 2
    assert [spans(e) for e in examples] == [[("PER", "Anna")]] * 2


def test_a_hashtag_is_a_word(write, read):
    (example,) = read("conll", write("d.conll", "# O\n#edge B-tag\n# I-tag\n"))
    assert example.text == "# #edge #" and spans(example) == [("tag", "#edge #")]


def test_mixed_tags_are_read_and_counted(write, read, caplog):
    path = write("d.conll", "Anna I-PER\nin O\nOslo I-LOC\n\nBob I-PER\nUrdu B-MISC\n")
    first, second = read("conll", path)
    assert spans(first) == [("PER", "Anna"), ("LOC", "Oslo")]
    assert spans(second) == [("PER", "Bob"), ("MISC", "Urdu")]
    assert "1 tags that break IOB1 were read as conlleval reads them" in caplog.text
    assert f"{path}:5" in caplog.text


def test_parts_of_speech(write, read):
    (example, _) = read("conll", write("d.tsv", "The\tDT\ndog\tNN\n\nA\tDT\ncat\tNN\n"))
    assert spans(example) == [("DT", "The"), ("NN", "dog")]
