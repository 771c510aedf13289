"""Files of texts without labels."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.texts import read_texts


def test_a_text_a_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("one\ttwo\r\n \nthree\u2028four\n".encode())
    assert list(read_texts(path)) == [
        (f"{path}:1", ["one\ttwo"]),
        (f"{path}:3", ["three\u2028four"]),
    ]


def test_two_texts_a_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one\ttwo\nthree\n")
    rows = read_texts(path, 2)
    assert next(rows)[1] == ["one", "two"]
    with pytest.raises(EdgetextError, match=":2: the model reads 2 texts and this line has 1"):
        next(rows)
