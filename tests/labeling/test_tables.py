"""CSV and TSV: cells as they are, quotes, names of columns."""

import csv

import pyarrow.parquet
import pytest

CSV = 'id,say,note\n1,"fly to Oslo, ""now""",a\n\n2,"is it cold\nin Zürich?",\n3,,c\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(CSV, "utf-8")
    return path


def read(path):
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_rows_keep_their_cells(joint_files, file, tmp_path, label):
    out = tmp_path / "out.csv"
    label(joint_files.onnx, file, "-o", out, "--text", "say")
    first, second, third = read(out)
    assert (first["id"], first["say"]) == ("1", 'fly to Oslo, "now"')
    assert (second["say"], second["intent"]) == ("is it cold\nin Zürich?", "weather")
    assert '"label":"city"' in first["spans"] and first["truncated"] == "false"
    assert third["say"] == "" and third["intent"]  # An empty cell is an empty text.


def test_a_tsv_to_a_table(joint_files, tmp_path, label):
    file, out = tmp_path / "rows.tsv", tmp_path / "out.parquet"
    file.write_bytes(b'text\tx\n"fly to Oslo\t\xff\nwill it rain today\t1\n')
    label(joint_files.onnx, file, "-o", out)
    table = pyarrow.parquet.read_table(out)
    assert table["text"].to_pylist() == ['"fly to Oslo', "will it rain today"]
    assert table["x"].to_pylist() == [b"\xff", b"1"]


def test_columns_without_names_have_numbers(joint_files, tmp_path, label):
    file, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    file.write_text("7;fly to Oslo\n8;will it rain today\n")
    label(joint_files.onnx, file, "-o", out, "--no-header", "--delimiter", ";", "--text", "1")
    assert [row["0"] for row in read(out)] == ["7", "8"]
    assert [row["intent"] for row in read(out)] == ["flight", "weather"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text,x\na\n", "rows.csv:2: 1 columns where line 1 has 2"),
        ('text,x\n"a,b\n', "rows.csv:2: the quotes of the row that begins here"),
        ("text,text\n", "two columns are called 'text'"),
        ("", "it is empty"),
    ],
)
def test_what_is_wrong_with_a_table(joint_files, tmp_path, refusal, content, words):
    file = tmp_path / "rows.csv"
    file.write_text(content)
    assert words in refusal(joint_files.onnx, file, "-o", tmp_path / "o.csv")


@pytest.mark.parametrize("mark", ["\n", "\r", ",,"])
def test_what_is_between_cells_is_one_character_of_a_line(file, refusal, mark):
    said = refusal("m.onnx", file, "-o", file.with_name("o.jsonl"), "--delimiter", mark)
    assert f"--delimiter {mark!r}: give one character that ends no line" in said


def test_other_columns_in_another_file(joint_files, file, refusal):
    other = file.with_name("other.csv")
    other.write_text("id,say\n")
    said = refusal(joint_files.onnx, file, other, "-o", file.with_name("o.jsonl"), "--text", "say")
    assert f"{other}: its columns (id, say) are not those of {file}" in said
