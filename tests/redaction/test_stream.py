"""Streams: redacted, listed, and restored to the very bytes."""

import json
import random
from io import BytesIO

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.redaction.stream import redacted, restored, spans_as_json
from edgetext.redaction.style import Style, read_map
from edgetext.redaction.windows import Finder

TEXT = (
    "Anna pays 4242 4242 4242 4242.\r\n\n"
    "no one\n"
    "é Anna Koch of 192.0.2.1, not 1.2.3.400\n"
    "<PERSON_1> and <LITERAL_1> stand here; Anna"
)


def through(words, data, style):
    return b"".join(redacted(BytesIO(data), "x", Finder(words, style.literal()), style))


def test_line_ends_and_all_else_stay(words):
    assert through(words, TEXT.encode(), Style("<LABEL>")).decode() == (
        "<PERSON> pays <CARD>.\r\n\n"
        "no one\n"
        "é <PERSON> of <IP>, not 1.2.3.400\n"
        "<PERSON_1> and <LITERAL_1> stand here; <PERSON>"
    )


def back(words, data, form, tmp_path):
    style = Style(form, b"key", mapped=True)
    clean = through(words, data, style)
    path = tmp_path / "map.json"
    path.write_text(style.as_json(), "utf-8")
    return clean, b"".join(restored(BytesIO(clean), *read_map(path)))


@pytest.mark.parametrize("form", ["<LABEL>", "hash", "[[LABEL]]"])
def test_a_mapped_stream_comes_back_byte_for_byte(words, form, tmp_path):
    rng = random.Random(7)
    texts = [TEXT.encode(), b"", b"\n", b"<LABEL_1>Anna<PERSON_1", TEXT.encode() * 3000]
    noise = [b"Anna", b" ", b"\xff", b"<PERSON_2>", b"<", b"_1>", "東".encode(), b"\n", b"[["]
    texts += [b"".join(rng.choices(noise, k=rng.randrange(400))) for _ in range(100)]
    for data in texts:
        clean, again = back(words, data, form, tmp_path)
        assert again == data
        assert b"Anna" not in clean


class Paused:
    """Gives what a pipe gives: some bytes at a time."""

    def __init__(self, data, rng):
        self.data, self.rng = data, rng

    def read1(self, size):
        size = min(size, self.rng.choice((1, 7, 64, 5000)))
        chunk, self.data = self.data[:size], self.data[size:]
        return chunk


def test_lines_are_answered_together_and_as_each_is_alone(words):
    data = TEXT.encode() * 50 + b"\n" * 3 + b"to be Anna, " * 40 + b"\n\r\nAnna"
    alone = b"".join(
        through(words, line, Style("<LABEL>")) for line in data.splitlines(keepends=True)
    )
    assert words.together == 0
    assert through(words, data, Style("<LABEL>")) == alone
    assert words.together > 100


def test_pauses_change_nothing(words):
    rng = random.Random(8)
    data = TEXT.encode() * 20 + b"to be Anna, " * 12_000 + b"\n" + TEXT.encode()
    whole = through(words, data, Style("<LABEL>"))
    rows = list(spans_as_json(BytesIO(data), "x", Finder(words)))
    for _ in range(3):
        style = Style("<LABEL>")
        assert b"".join(redacted(Paused(data, rng), "x", Finder(words), style)) == whole
        assert list(spans_as_json(Paused(data, rng), "x", Finder(words))) == rows


def test_a_whole_line_is_out_before_more_is_read(words):
    class Waiting(Paused):
        def read1(self, size):
            given.append(1)
            return super().read1(size)

    given = []
    lines = redacted(Waiting(b"Anna\nno", random.Random(1)), "x", Finder(words), Style("<LABEL>"))
    assert next(lines) == b"<PERSON>\n"
    before = len(given)
    assert b"".join(lines) == b"no"
    assert len(given) > before


def test_a_line_longer_than_a_chunk_is_one(words):
    line = b"to be Anna, " * 20_000
    clean = through(words, line + b"\nAnna\n", Style("<LABEL>"))
    assert clean == line.replace(b"Anna", b"<PERSON>") + b"\n<PERSON>\n"


def test_spans_stand_with_their_line(words):
    rows = [json.loads(x) for x in spans_as_json(BytesIO(TEXT.encode()), "x", Finder(words))]
    data = TEXT.encode()
    assert [row["line"] for row in rows] == [1, 4, 5]
    for row in rows:
        line = data[row["offset"] :].split(b"\n")[0]
        for span in row["spans"]:
            assert line[span["start"] : span["end"]].decode() == span["text"]
            assert line.decode()[span["char_start"] : span["char_end"]] == span["text"]
    assert [span["label"] for span in rows[1]["spans"]] == ["PERSON", "IP"]


def test_offsets_of_long_lines_go_on_across_windows(words):
    line = "é to be Anna, " * 40
    (row,) = (json.loads(x) for x in spans_as_json(BytesIO(line.encode()), "x", Finder(words)))
    assert len(row["spans"]) == 40
    assert {line[s["char_start"] : s["char_end"]] for s in row["spans"]} == {"Anna"}
    assert {line.encode()[s["start"] : s["end"]] for s in row["spans"]} == {b"Anna"}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("Anna".encode("utf-16"), "UTF-16 text; save it as UTF-8"),
        (b"\x1f\x8b\x08x", "a gzip archive; unpack it first"),
        (b"PK\x03\x04x", "a zip archive or an office document"),
        (b"%PDF-1.7", "a PDF"),
        (b"An\0na", "zero bytes"),
    ],
)
def test_what_is_no_text_is_refused(words, data, what):
    with pytest.raises(EdgetextError, match=what):
        through(words, data, Style("<LABEL>"))


def test_placeholders_that_the_map_does_not_know_stay():
    pattern = Style("<LABEL>", mapped=True).literal()
    parts = restored(BytesIO(b"<A_1> <A_2>"), pattern, {b"<A_1>": b"x"})
    assert b"".join(parts) == b"x <A_2>"
