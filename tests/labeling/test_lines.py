"""Lines of text: as `predict --json` answers them, bytes as they are."""

import gzip
import json
import subprocess
import sys

from edgetext.cli import main


def test_lines_are_answered_as_predict_answers_them(joint_files, lines, tmp_path, label, capfd):
    out = tmp_path / "out.jsonl"
    label(joint_files.onnx, lines, "-o", out)
    capfd.readouterr()
    assert main(["predict", str(joint_files.onnx), "--json", "--file", str(lines)]) == 0
    expected = list(map(json.loads, capfd.readouterr().out.splitlines()))
    assert [json.loads(line) for line in out.read_bytes().splitlines()] == expected
    place = {"start": 14, "end": 21, "char_start": 14, "char_end": 20}
    assert expected[1]["spans"][0] == {"label": "city", **place, "text": "Zürich"}


def test_bytes_that_are_no_utf8_stay(joint_files, tmp_path, label):
    source, out, table = (tmp_path / name for name in ("t.txt", "o.jsonl", "o.csv"))
    source.write_bytes(b"fly \xff to Oslo\r\n\nno end \xc3")
    said = label(joint_files.onnx, source, "-o", out)
    assert "warning: 2 values of text are no UTF-8" in said
    first, second, third = out.read_bytes().splitlines()
    assert first.startswith(b'{"text":"fly \xff to Oslo","intent":"flight"')
    assert b'"start":9,"end":13,"char_start":9,"char_end":13' in first
    assert second.startswith(b'{"text":"",') and b'"no end \xc3"' in third
    label(joint_files.onnx, source, "-o", table)
    assert table.read_bytes().splitlines()[1].startswith(b"fly \xff to Oslo,flight,")


def test_gzip_is_read(joint_files, lines, tmp_path, label, refusal):
    packed, plain, out = tmp_path / "texts.txt.gz", tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    packed.write_bytes(gzip.compress(lines.read_bytes()))
    label(joint_files.onnx, lines, "-o", plain)
    label(joint_files.onnx, packed, "-o", out)
    assert out.read_bytes() == plain.read_bytes()
    packed.write_bytes(packed.read_bytes()[:-20])
    assert f"{packed}: this gzip file is damaged" in refusal(
        joint_files.onnx, packed, "-o", out, "--force"
    )


def test_several_files_are_one(joint_files, lines, tmp_path, label):
    out, twice = tmp_path / "once.jsonl", tmp_path / "twice.jsonl"
    label(joint_files.onnx, lines, "-o", out)
    label(joint_files.onnx, lines, lines, "-o", twice)
    assert twice.read_bytes() == 2 * out.read_bytes()


def test_stdin(joint_files, lines, tmp_path, label):
    out, piped = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    label(joint_files.onnx, lines, "-o", out)
    command = [sys.executable, "-m", "edgetext", "label", str(joint_files.onnx), "-"]
    subprocess.run(
        [*command, "-o", str(piped)], input=lines.read_bytes(), check=True, capture_output=True
    )
    assert piped.read_bytes() == out.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl", "texts.txt"]


def test_an_empty_file_gives_an_empty_one(joint_files, tmp_path, label):
    source, out = tmp_path / "t.txt", tmp_path / "out"
    source.write_bytes(b"")
    for suffix, content in ((".jsonl", b""), (".csv", b"text,intent,score,spans,truncated\n")):
        label(joint_files.onnx, source, "-o", out.with_suffix(suffix))
        assert out.with_suffix(suffix).read_bytes() == content


def test_utf16_is_refused(joint_files, tmp_path, refusal):
    source = tmp_path / "t.txt"
    source.write_bytes("fly to Oslo".encode("utf-16"))
    assert "this is UTF-16 text" in refusal(joint_files.onnx, source, "-o", tmp_path / "o.csv")
