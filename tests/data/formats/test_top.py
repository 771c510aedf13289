"""TOP's files: texts, words and trees that belong together, and lines that are refused."""

import os
from pathlib import Path

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.top import Top
from edgetext.data.lines import read_lines
from edgetext.data.trees import write_tree

DATA = Path(os.environ.get("EDGETEXT_DATA", Path(__file__).parents[4] / "shared" / "data")) / "top"
TREE = "[IN:GO what 's up [SL:WHERE in Łódź ] ? ]"
LINE = f"What's up in Łódź?\tWhat 's up in Łódź ?\t{TREE.replace('what', 'What')}\n"


def read(path, **fields):
    return list(Top(Top.Config(**fields)).read(path, "train"))


def found(example):
    raw = example.text.encode()
    return [(n.label, raw[n.start : n.end].decode(), n.depth) for n in example.nodes]


def test_nodes_are_bytes_of_the_text_as_it_was_typed(write):
    (example,) = read(write("t.tsv", LINE))
    assert example.text == "What's up in Łódź?" and example.intent == "IN:GO"
    assert found(example) == [("IN:GO", "What's up in Łódź?", 0), ("SL:WHERE", "in Łódź", 1)]
    assert example.source.endswith("t.tsv:1")


def test_or_of_the_words(write):
    (example,) = read(write("t.tsv", LINE), text="words")
    assert example.text == "What 's up in Łódź ?"
    assert found(example)[1] == ("SL:WHERE", "in Łódź", 1)


def test_a_file_may_lack_the_text(write):
    (example,) = read(write("t.tsv", LINE.partition("\t")[2], packed=True))
    assert example.text == "What 's up in Łódź ?"


def test_labels_can_be_dropped(write):
    path = write("t.tsv", LINE + "a b\t[IN:NO_A a [SL:X b ] ]\nc\t[IN:NO c ]\n")
    assert [e.intent for e in read(path, drop=["IN:NO*"])] == ["IN:GO"]
    assert [e.intent for e in read(path, drop=["SL:X"])] == ["IN:GO", "IN:NO"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[IN:A a ]", "1 columns; give text, words and tree"),
        ("a\ta\ta\t[IN:A a ]", "4 columns; give text"),
        ("a b\t[IN:A a [SL:B b ]", "the tree does not close IN:A"),
        ("a b\t[IN:A a c ]", "the tree's words (a c) are not those of the column before it (a b)"),
        ("a b\ta c\t[IN:A a c ]", "the text (a b) and the words (a c) differ by more than spaces"),
        ("a\t", "the tree is empty"),
    ],
)
def test_a_bad_line_is_named_or_skipped(write, caplog, line, words):
    path = write("t.tsv", f"{LINE}{line}\n{LINE}")
    with pytest.raises(EdgetextError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}:2: ") and words in str(error.value)
    assert len(read(path, on_error="skip")) == 2
    assert "1 line skipped" in caplog.text


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("train_tokenized_no_unsupported.tsv.gz", 28414),
        ("eval.tsv.gz", 4032),
        ("test.tsv.gz", 8241),
    ],
)
def test_the_published_trees_are_read_and_written_again(name, count):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no {path}")
    lines = dict(read_lines(path))
    examples = read(path, drop=["IN:UNSUPPORTED*"], text="words")
    assert len(examples) == count
    for example in examples:
        line = lines[int(example.source.rpartition(":")[2])].decode()
        tree = " ".join(line.rpartition("\t")[2].split())
        assert write_tree(example.text.encode(), example.nodes) == tree
