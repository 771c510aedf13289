"""What a reader declares, and how it is built from its name."""

from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel, ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.reader import BaseReader, LineReader, build_reader
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
