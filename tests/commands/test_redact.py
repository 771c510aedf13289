"""`edgetext redact`: files and streams, the map and back, and what is refused."""

import json
import subprocess
import sys

import pytest

from edgetext.cli import main

LINES = "is it cold in Zürich tomorrow?\r\n\nno cities\nfind a room in Oslo today, please!"
CLEAN = "is it cold in <city> <day>?\r\n\nno cities\nfind a room in <city> <day>, please!"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_bytes(LINES.encode())
    return path


def redact(*arguments):
    return main(["redact", *map(str, arguments)])


def refusal(capsys, *arguments):
    capsys.readouterr()
    assert redact(*arguments) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("kind", ["pt", "onnx", "pte"])
def test_a_file_to_a_file(joint_files, file, tmp_path, kind):
    out = tmp_path / "clean.txt"
    assert redact(file, "--model", getattr(joint_files, kind), "-o", out) == 0
    assert out.read_bytes().decode() == CLEAN


def test_stdin_to_stdout_passes_bytes_that_are_no_text(joint_files):
    data = b"\xff\xfa is it cold in Oslo today? \x80\n" + LINES.encode()
    command = [sys.executable, "-m", "edgetext", "redact", "-", "--model", str(joint_files.onnx)]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert done.stdout == b"\xff\xfa is it cold in <city> <day>? \x80\n" + CLEAN.encode()
    assert done.stderr == b""


def test_a_line_comes_out_before_the_next_goes_in(joint_files):
    command = [sys.executable, "-m", "edgetext", "redact", "-", "--model", str(joint_files.onnx)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(2):
            process.stdin.write(b"is it cold in Oslo today?\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"is it cold in <city> <day>?\n"
        process.stdin.close()
    assert process.returncode == 0


def test_a_map_brings_it_back(joint, file, tmp_path):
    clean, known, again = (tmp_path / name for name in ("clean.txt", "map.json", "again.txt"))
    assert redact(file, "--model", joint, "-o", clean, "--map", known) == 0
    assert "Oslo" not in clean.read_text("utf-8") and "<city_2>" in clean.read_text("utf-8")
    assert json.loads(known.read_text())["values"]["<city_1>"] == "Zürich"
    assert known.stat().st_mode & 0o077 == 0
    assert redact(clean, "--restore", known, "-o", again) == 0
    assert again.read_bytes() == file.read_bytes()


def test_hashes_are_those_of_the_key(joint, file, tmp_path, capsysbinary):
    (tmp_path / "key").write_text("a secret\n")

    def hashed(*options):
        assert redact(file, "--model", joint, "--with", "hash", *options) == 0
        return capsysbinary.readouterr().out

    one, other = (hashed("--key-file", tmp_path / "key") for _ in range(2))
    assert one == other and b"<city:" in one
    assert hashed() != hashed() != one


def test_keep_lists_the_spans(joint, file, capsys):
    assert redact(file, "--model", joint, "--with", "keep") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["line"], row["offset"]) for row in rows] == [(1, 0), (4, 44)]
    assert [span["text"] for span in rows[1]["spans"]] == ["Oslo", "today"]


def test_what_does_not_go_together(capsys, joint, classify, file, tmp_path):
    model = ("--model", joint)
    assert "give --model" in refusal(capsys, file)
    assert "leave out --map" in refusal(capsys, file, *model, "--with", "keep", "--map", "x")
    assert "--key-file is for --with hash" in refusal(capsys, file, *model, "--key-file", file)
    assert "--restore puts values back" in refusal(capsys, file, *model, "--restore", "x")
    assert "a map needs LABEL" in refusal(capsys, file, *model, "--with", "*", "--map", "x")
    assert "finds no labeled spans" in refusal(capsys, file, "--model", classify)
    assert "there is no such file" in refusal(capsys, tmp_path / "none", *model)
    assert "no map of placeholders" in refusal(capsys, file, "--restore", file)


def test_files_that_are_there_stay(capsys, joint, file, tmp_path):
    out = tmp_path / "out.txt"
    out.write_text("mine")
    for option in ("-o", "--map"):
        assert "there is such a file; give another, or --force" in refusal(
            capsys, file, "--model", joint, option, out
        )
        assert out.read_text() == "mine"
    assert redact(file, "--model", joint, "-o", out, "--force") == 0
    assert out.read_bytes().decode() == CLEAN


def test_nothing_is_left_of_a_stream_that_is_no_text(capsys, joint, tmp_path):
    path = tmp_path / "wide.txt"
    path.write_bytes("Oslo".encode("utf-16"))
    out, known = tmp_path / "out.txt", tmp_path / "map.json"
    words = refusal(capsys, path, "--model", joint, "-o", out, "--map", known)
    assert f"{path}: this is UTF-16 text; save it as UTF-8" in words
    assert [p.name for p in tmp_path.iterdir()] == ["wide.txt"]
