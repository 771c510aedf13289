"""`edgetext predict`: from arguments, a file and stdin."""

import json
import subprocess
import sys

import pytest

from edgetext.cli import main

TEXT = "is it cold in Zürich tomorrow?"


def lines(capsys, *arguments):
    capsys.readouterr()
    assert main(["predict", *map(str, arguments)]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("kind", ["pt", "onnx", "pte"])
def test_an_argument_gives_a_line(joint_files, capsys, kind):
    (line,) = lines(capsys, getattr(joint_files, kind), TEXT)
    assert line.startswith(("weather 0.9", "weather 1.0"))
    assert line.endswith("city='Zürich'[14:21]  day='tomorrow'[22:30]")


def test_json_and_top(joint_files, capsys):
    first, second = lines(capsys, joint_files.onnx, "--json", "--top", 9, TEXT, "")
    found = json.loads(first)
    assert found["text"] == TEXT and found["intent"] == "weather"
    place = {"start": 14, "end": 21, "char_start": 14, "char_end": 20}
    assert found["spans"][0] == {"label": "city", **place, "text": "Zürich"}
    assert next(iter(found["scores"])) == "weather" and len(found["scores"]) == 3
    assert json.loads(second)["text"] == ""


def test_a_tree_is_printed_in_brackets(parse, capsys):
    (tree,) = lines(capsys, parse, "will it rain in Zürich today?")
    assert tree == (
        "[IN:WEATHER will it rain [SL:WHERE in [IN:PLACE [SL:CITY Zürich ] ] ] [SL:DAY today ] ? ]"
    )
    (row,) = lines(capsys, parse, "--json", "will it rain in Zürich today?")
    found = json.loads(row)
    assert found["tree"] == tree
    assert [node["depth"] for node in found["nodes"]] == [0, 1, 2, 3, 1]


def test_every_line_of_a_file(joint, tmp_path, capsys):
    path = tmp_path / "t.txt"
    path.write_bytes(b"a cheap hotel in Rome?\r\n\nfly \xff to Oslo\nno end")
    found = [json.loads(line) for line in lines(capsys, joint, "--json", "--file", path)]
    assert [row["text"] for row in found] == [
        "a cheap hotel in Rome?",
        "",
        "fly \N{REPLACEMENT CHARACTER} to Oslo",
        "no end",
    ]
    path.write_bytes(b"")
    assert lines(capsys, joint, "--file", path) == []


def test_a_text_that_is_too_long_says_so(joint, capsys):
    (line,) = lines(capsys, joint, "fly to Rome " * 10)
    assert "cut: the text is longer" in line


def test_texts_and_file_exclude_each_other(joint, tmp_path, capsys):
    assert main(["predict", str(joint), "a", "--file", str(tmp_path / "t")]) == 2
    assert "not both" in capsys.readouterr().err
    assert main(["predict", str(joint), "--file", str(tmp_path / "t")]) == 2
    assert "no such file" in capsys.readouterr().err


def run(files, *arguments, **options):
    command = [sys.executable, "-m", "edgetext", "predict", str(files.onnx), *arguments]
    return subprocess.run(command, capture_output=True, timeout=120, **options)


def test_stdin_line_by_line_bytes_as_they_are(joint_files):
    result = run(joint_files, "--json", input=b"fly to Oslo\n\xff\xfe\nwill it rain today")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.returncode, result.stderr) == (0, b"")
    assert [row["text"] for row in rows] == ["fly to Oslo", "\ufffd\ufffd", "will it rain today"]
    assert (rows[0]["intent"], rows[2]["intent"]) == ("flight", "weather")


def test_empty_stdin_is_no_text(joint_files):
    result = run(joint_files, stdin=subprocess.DEVNULL)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_closed_stdin_is_one_sentence(joint_files):
    command = f'"{sys.executable}" -m edgetext predict "{joint_files.onnx}" <&-'
    result = subprocess.run(command, shell=True, capture_output=True, timeout=120)
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"edgetext: error: stdin is closed")
    assert result.stderr.count(b"\n") == 1


def test_invalid_utf8_in_an_argument(joint_files):
    result = run(joint_files, "--json", b"fly \xff\xe6")
    assert (result.returncode, result.stderr) == (0, b"")
    assert json.loads(result.stdout)["text"] == "fly \ufffd\ufffd"
