"""JSON Lines: objects stay as they stood, and their answers stand behind their fields."""

import pyarrow.parquet
import pytest

LINES = b"""\
{"id": 1.50, "utterance": "fly to Oslo", "tags": ["a", {"b": null}], "big": 123456789012345678901}
{"utterance": null, "id": 2, "big": 1}

{"id": 3, "utterance": "is it cold in Z\\u00fcrich?", "on": true, "x": "\xff"}
{"id": 4}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(LINES)
    return path


def test_lines_stay_and_the_answer_follows(joint_files, file, tmp_path, label):
    out = tmp_path / "out.jsonl"
    said = label(joint_files.onnx, file, "-o", out, "--text", "utterance")
    assert "2 rows without a text have no answer" in said
    assert "1 values of x are no UTF-8" in said
    given = [line for line in LINES.splitlines() if line]
    nothing = b'"intent":null,"score":null,"spans":null,"truncated":null}'
    for line, row in zip(out.read_bytes().splitlines(), given, strict=True):
        assert line.startswith(row[:-1] + b',"intent":')
        assert line.endswith(nothing) == (b'"utterance": "' not in row)


def test_columns_of_a_table(joint_files, file, tmp_path, label):
    out = tmp_path / "out.parquet"
    label(joint_files.onnx, file, "-o", out, "--text", "utterance")
    table = pyarrow.parquet.read_table(out)
    types = {column.name: str(column.type) for column in table.schema}
    assert types["id"] == "double" and types["on"] == "bool" and types["x"] == "binary"
    assert types["tags"] == types["big"] == types["utterance"] == "string"
    assert table["id"].to_pylist() == [1.5, 2, 3, 4]
    assert table["big"].to_pylist() == ["123456789012345678901", "1", None, None]
    assert table["tags"].to_pylist() == ['["a", {"b": null}]', None, None, None]
    assert table["x"].to_pylist() == [None, None, b"\xff", None]
    assert table["intent"].to_pylist() == ["flight", None, "weather", None]
    span = table["spans"].to_pylist()[2][0]
    assert span["text"] == "Zürich" and (span["end"], span["char_end"]) == (21, 20)


def test_a_field_that_is_nowhere_is_named_with_those_there_are(joint_files, file, refusal):
    out = file.with_name("o.csv")
    said = refusal(joint_files.onnx, file, "-o", out, "--text", "utterances")
    assert "no column utterances; did you mean utterance?" in said
    assert "id, utterance, tags" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "rows.jsonl:6: not JSON"),
        (b"[1]", "rows.jsonl:6: no JSON object"),
        (b'{"utterance": 5}', "rows.jsonl:6: utterance is 5 and no text"),
    ],
)
def test_a_bad_line_is_named_before_any_is_answered(joint_files, file, refusal, line, words):
    file.write_bytes(LINES + line)
    out = file.with_name("o.csv")
    assert words in refusal(joint_files.onnx, file, "-o", out, "--text", "utterance")


def test_a_field_that_an_answer_has_is_refused_and_a_prefix_mends_it(
    joint_files, tmp_path, label, refusal, rows
):
    file, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    file.write_text('{"text": "fly to Oslo", "intent": "hotel"}\n')
    assert "there is a column intent already" in refusal(joint_files.onnx, file, "-o", out)
    label(joint_files.onnx, file, "-o", out, "--prefix", "model_")
    (row,) = rows(out)
    assert (row["intent"], row["model_intent"]) == ("hotel", "flight")
