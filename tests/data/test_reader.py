"""What a reader declares, how it is built from its name, and what every one does with a line."""

import json
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel, ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.data.reader import BLANK, TRIMMED, BaseReader, LineReader, build_reader, make_example
from edgetext.registry import register


class Config(BaseModel):
    count: int = 2


@register("reader", "counted of this test")
class Counted(BaseReader):
    """Examples of no file."""

    needs_files: ClassVar[bool] = False
    Config = Config

    def __init__(self, config):
        self.config = config

    def read(self, path, split):
        """Give so many examples, and an error after them."""
        for number in range(self.config.count):
            yield Example(f"text {number}", "a", source=f"{split}:{number}")
        raise EdgetextError("there are no more")


@register("reader", "not a reader of this test")
class NoReader:
    """A class with a Config that does not inherit from a reader."""

    Config = Config


def test_a_class_that_is_no_reader_is_refused():
    with pytest.raises(EdgetextError, match=r"the class NoReader is not a reader; let it inherit"):
        build_reader("not a reader of this test", {})


def test_fields_go_to_the_config():
    assert build_reader("counted of this test", {"count": "5"}).config.count == 5
    with pytest.raises(ValidationError):
        build_reader("counted of this test", {"count": "many"})


def test_a_reader_without_a_scan_is_scanned_to_its_first_error():
    items = build_reader("counted of this test", {}).scan(Path("nothing"), "train")
    assert [next(items).source for _ in range(2)] == ["train:0", "train:1"]
    with pytest.raises(EdgetextError, match="there are no more"):
        next(items)


@pytest.mark.parametrize(
    ("name", "fields", "needs_files", "one_file"),
    [
        ("assistant", {}, False, False),
        ("clinc150", {}, True, True),
        ("csv", {}, True, False),
        ("intent_pairs", {"of": "clinc150"}, True, True),
        ("intent_pairs", {"of": "csv"}, True, False),
    ],
)
def test_what_the_readers_declare(name, fields, needs_files, one_file):
    reader = build_reader(name, fields)
    assert (reader.needs_files, reader.one_file) == (needs_files, one_file)


def test_texts_decide_the_split_unless_a_reader_says_otherwise():
    example = Example("a question", None, text_b="a passage", source="f:3")
    assert LineReader(LineReader.Config()).split_key(example) == "a question"
    assert build_reader("squad", {}).split_key(example) == "a passage"
    assert build_reader("pairs", {"parallel": True}).split_key(example) == "line 3"


@pytest.mark.parametrize(("start", "end"), [(8, 12), (8, 13), (7, 12), (7, 14)])
def test_spans_lose_the_blanks_at_their_ends(start, end):
    example = make_example("rain in Oslo  now", None, [("city", start, end)], "f:1")
    assert example.spans == (Span("city", 8, 12),)
    assert example.remarks == (() if (start, end) == (8, 12) else (TRIMMED,))


def test_a_span_of_blanks_is_left_out():
    example = make_example("é\u00a0 go", None, [("city", 1, 3), ("x", 3, 5)], "f:1")
    assert example.spans == (Span("x", 5, 7),) and example.remarks == (BLANK,)


def test_what_an_annotator_refused_is_left_out_and_counted(write, read, caplog):
    answers = ("accept", "reject", "accept", "ignore", "reject")
    rows = [json.dumps({"text": f"t{i}", "label": "x", "answer": a}) for i, a in enumerate(answers)]
    assert [e.text for e in read("jsonl", write("d.jsonl", "\n".join(rows)))] == ["t0", "t2"]
    assert "2 examples left out, of Prodigy's answer reject; the first: " in caplog.text
    assert "1 examples left out, of Prodigy's answer ignore" in caplog.text


def test_pairs_without_a_label_are_left_out_and_counted(write, read, caplog):
    rows = [("a", "b", "neutral"), ("c", "d", "-"), ("e", "f", "-1")]
    table = write("d.tsv", "".join("\t".join(row) + "\n" for row in rows))
    assert [e.text for e in read("pairs", table)] == ["a"]
    objects = [json.dumps(dict(zip(("text", "text_b", "label"), row, strict=True))) for row in rows]
    path = write("d.jsonl", "\n".join(objects))
    assert [e.text for e in read("jsonl", path, text_b="text_b")] == ["a"]
    assert caplog.text.count("1 pairs left out, whose label '-' is none") == 2


def test_quotes_are_part_of_a_tsv(write, read):
    path = write("d.tsv", 'text\tlabel\n"will it rain\tweather\nsay "hi"\tx\n"a\tb"\n')
    assert [e.text for e in read("tsv", path)] == ['"will it rain', 'say "hi"', '"a']
    path = write("q.tsv", 'text\tlabel\n"say ""hi"""\tx\n')
    assert [e.text for e in read("tsv", path, quote='"')] == ['say "hi"']
