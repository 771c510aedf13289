"""Parquet: columns keep their types, nulls have no answer, damaged files are refused."""

import datetime

import pyarrow
import pyarrow.parquet
import pytest

TEXTS = ["fly to Oslo", None, "is it cold in Zürich?"]


def table(kind):
    texts = [x and x.encode() for x in TEXTS] if "binary" in str(kind) else TEXTS
    return pyarrow.table(
        {
            "when": pyarrow.array([datetime.date(2026, 1, day) for day in (1, 2, 3)]),
            "text": pyarrow.array(texts).cast(kind),
            "n": pyarrow.array([[1], [], None], pyarrow.list_(pyarrow.int8())),
        }
    ).replace_schema_metadata({"a": "b"})


KINDS = [
    *(pyarrow.string(), pyarrow.large_string(), pyarrow.binary()),
    pyarrow.dictionary(pyarrow.int32(), pyarrow.string()),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_columns_keep_their_types(joint_files, tmp_path, label, kind):
    file, out = tmp_path / "t.parquet", tmp_path / "out.parquet"
    pyarrow.parquet.write_table(table(kind), file)
    said = label(joint_files.onnx, file, "-o", out)
    assert "1 rows without a text have no answer" in said
    labeled = pyarrow.parquet.read_table(out)
    assert labeled.select(["when", "text", "n"]).equals(pyarrow.parquet.read_table(file))
    assert labeled.schema.metadata[b"a"] == b"b"
    assert labeled["intent"].to_pylist() == ["flight", None, "weather"]
    assert labeled["spans"].to_pylist()[1] is None
    assert labeled["spans"].to_pylist()[2][0]["char_end"] == 20


def test_a_column_without_any_text_is_the_texts(joint_files, tmp_path, label):
    file, out = tmp_path / "t.parquet", tmp_path / "out.parquet"
    columns = {"text": pyarrow.nulls(2), "topic": ["fly", "rain"]}
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    assert "2 rows without a text have no answer" in label(joint_files.onnx, file, "-o", out)
    assert pyarrow.parquet.read_table(out)["intent"].to_pylist() == [None, None]


def test_to_text(joint_files, tmp_path, label, rows):
    file, out = tmp_path / "t.parquet", tmp_path / "out.jsonl"
    pyarrow.parquet.write_table(table(pyarrow.string()), file)
    label(joint_files.onnx, file, "-o", out)
    first, second, _ = rows(out)
    assert first["when"] == "2026-01-01" and first["n"] == [1] and first["intent"] == "flight"
    assert second["text"] is None and second["intent"] is None
    label(joint_files.onnx, file, "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("2026-01-01,fly to")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_cut_short(joint_files, tmp_path, refusal, share):
    file = tmp_path / "t.parquet"
    pyarrow.parquet.write_table(table(pyarrow.string()), file)
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    said = refusal(joint_files.onnx, file, "-o", tmp_path / "o.csv")
    assert f"{file}: not a whole Parquet file" in said


def test_columns_that_are_no_texts(joint_files, tmp_path, refusal):
    file = tmp_path / "t.parquet"
    pyarrow.parquet.write_table(table(pyarrow.string()), file)
    out = tmp_path / "o.csv"
    said = refusal(joint_files.onnx, file, "-o", out, "--text", "n")
    assert "column n holds list<element: int8> and no text (columns of text: text)" in said
    said = refusal(joint_files.onnx, file, "-o", out, "--text", "txt")
    assert "no column txt; did you mean text?" in said


def test_a_batch_of_much_text_is_cut(tmp_path):
    from edgetext.labeling.parquet import Parquet
    from edgetext.labeling.source import BYTES

    file = tmp_path / "t.parquet"
    texts = [f"{number} ".ljust(1 << 20, "x") for number in range(20)]
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), file)
    chunks = list(Parquet([file]).chunks())
    assert len(chunks) > 1 and sum(chunk.count for chunk in chunks) == 20
    assert all(chunk.rows.nbytes <= BYTES for chunk in chunks)
    given = [x[0] for chunk in chunks for x in Parquet([file]).texts(chunk, ["text"])]
    assert given == [text.encode() for text in texts]
