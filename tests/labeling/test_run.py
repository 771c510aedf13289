"""A run that is stopped goes on and ends with the same bytes; what cannot work is refused first."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet
import pytest

from edgetext.cli import main
from edgetext.core import files
from edgetext.labeling import run
from edgetext.labeling.processes import in_this_process


@pytest.fixture
def stopped(monkeypatch, small_chunks):
    """stopped(count): the next run ends by Ctrl-C after so many parts."""

    def stop(count):
        def parts(*arguments):
            for number, part in enumerate(in_this_process(*arguments)):
                if number == count:
                    raise KeyboardInterrupt
                yield part

        monkeypatch.setattr(run, "in_this_process", parts)

    yield stop


def stop_and_resume(stopped, monkeypatch, command):
    stopped(2)
    assert main(["label", *map(str, command)]) == 130
    monkeypatch.setattr(run, "in_this_process", in_this_process)


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_ctrl_c_and_the_same_command(
    joint_files, lines, tmp_path, label, stopped, monkeypatch, suffix, capfd
):
    whole, out = tmp_path / f"whole.{suffix}", tmp_path / f"out.{suffix}"
    label(joint_files.onnx, lines, "-o", whole)
    stop_and_resume(stopped, monkeypatch, (joint_files.onnx, lines, "-o", out))
    kept = tmp_path / f"out.{suffix}.parts"
    assert "stopped; 2 finished part(s) are in" in capfd.readouterr().err
    assert {path.name for path in kept.glob("part-*")} == {"part-000000-5", "part-000001-5"}
    times = {path: path.stat().st_mtime_ns for path in kept.glob("part-*")}
    asked = []

    def parts(job, done, predictor):
        asked.append(sorted(done))
        assert times == {path: path.stat().st_mtime_ns for path in kept.glob("part-*")}
        return in_this_process(job, done, predictor)

    monkeypatch.setattr(run, "in_this_process", parts)
    assert "10 of 21 texts are answered already" in label(joint_files.onnx, lines, "-o", out)
    assert asked == [[0, 1]]
    assert out.read_bytes() == whole.read_bytes()
    assert not kept.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda files, lines: ((files.pt, lines), ()), "another model"),
        (lambda files, lines: ((files.onnx, lines, lines), ()), "another set of input files"),
        (lambda files, lines: ((files.onnx, lines), ("--top", "2")), "another set of options"),
    ],
)
def test_another_run_is_not_mixed_with_what_is_kept(
    joint_files, lines, tmp_path, refusal, label, stopped, monkeypatch, change, words
):
    out = tmp_path / "out.jsonl"
    stop_and_resume(stopped, monkeypatch, (joint_files.onnx, lines, "-o", out))
    inputs, more = change(joint_files, lines)
    said = refusal(*inputs, "-o", out, *more)
    assert f"a run with {words} was stopped here" in said and "--force" in said
    label(*inputs, "-o", out, *more, "--force")
    assert out.exists() and not (tmp_path / "out.jsonl.parts").exists()


def test_parts_that_were_written_otherwise_are_not_mixed_in(
    joint_files, lines, tmp_path, refusal, stopped, monkeypatch
):
    out = tmp_path / "out.jsonl"
    stop_and_resume(stopped, monkeypatch, (joint_files.onnx, lines, "-o", out))
    path = tmp_path / "out.jsonl.parts/job.json"
    identity = json.loads(path.read_text())
    del identity["form of parts"]
    path.write_text(json.dumps(identity))
    said = refusal(joint_files.onnx, lines, "-o", out)
    assert "another form of parts" in said and "--force" in said


def test_a_file_that_changed_is_another(
    joint_files, lines, tmp_path, refusal, stopped, monkeypatch
):
    out = tmp_path / "out.jsonl"
    stop_and_resume(stopped, monkeypatch, (joint_files.onnx, lines, "-o", out))
    lines.write_bytes(lines.read_bytes().replace(b"Oslo", b"Rome"))
    assert "another set of input files" in refusal(joint_files.onnx, lines, "-o", out)


def test_killed_it_goes_on(joint_files, tmp_path, label):
    source, whole, out = tmp_path / "t.txt", tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(f"fly to Oslo at {number}\n" for number in range(40_000)))
    command = [sys.executable, "-m", "edgetext", "label", str(joint_files.onnx), str(source)]
    parts = tmp_path / "out.jsonl.parts"
    with subprocess.Popen([*command, "-o", str(out), "--workers", "2"]) as process:
        while not list(parts.glob("part-*")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert not out.exists() and list(parts.glob("part-*"))
    (parts / ".part-000009.abcd").write_bytes(b"half")  # As one that was being written.
    said = label(joint_files.onnx, source, "-o", out)
    assert "texts are answered already" in said
    label(joint_files.onnx, source, "-o", whole)
    assert out.read_bytes() == whole.read_bytes()
    assert len(out.read_bytes().splitlines()) == 40_000


def test_what_stdin_held_is_compared(joint_files, lines, tmp_path, stopped, monkeypatch, capfd):
    out = tmp_path / "out.jsonl"

    def pipe(content):
        (tmp_path / "in").write_bytes(content)
        monkeypatch.setattr(sys, "stdin", (tmp_path / "in").open())

    pipe(lines.read_bytes())
    stop_and_resume(stopped, monkeypatch, (joint_files.onnx, "-", "-o", out))
    pipe(b"other\n")
    assert main(["label", str(joint_files.onnx), "-", "-o", str(out)]) == 2
    assert "another set of input files" in capfd.readouterr().err
    pipe(lines.read_bytes())
    assert main(["label", str(joint_files.onnx), "-", "-o", str(out)]) == 0
    assert len(out.read_bytes().splitlines()) == 21


def test_more_workers_give_the_same(joint_files, lines, tmp_path, label):
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    label(joint_files.onnx, lines, "-o", one)
    label(joint_files.onnx, lines, "-o", two, "--workers", "2")
    assert one.read_bytes() == two.read_bytes()
    assert pyarrow.parquet.read_table(one).num_rows == 21


def test_a_batch_file_answers_in_batches(batch_files, int8_files, lines, tmp_path, label, rows):
    batch, alone = tmp_path / "batch.jsonl", tmp_path / "alone.jsonl"
    label(batch_files.int8, lines, "-o", batch)
    label(int8_files.onnx, lines, "-o", alone)
    alike = [
        (a["intent"], a["spans"]) == (b["intent"], b["spans"])
        for a, b in zip(rows(batch), rows(alone), strict=True)
    ]
    assert len(alike) == 21 and sum(alike) >= 20


def test_an_output_that_will_not_do(joint_files, lines, tmp_path, refusal):
    def said(out, *more):
        return refusal(joint_files.onnx, lines, "-o", out, *more)

    assert "let it end in .parquet, .jsonl, .csv" in said(tmp_path / "out.json")
    (tmp_path / "there.csv").write_text("x")
    assert "there is such a file" in said(tmp_path / "there.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "is a directory" in said(tmp_path / "folder.csv", "--force")
    assert "a part of this path is a file" in said(tmp_path / "there.csv" / "o.csv")
    (tmp_path / "o.csv.parts").mkdir()
    (tmp_path / "o.csv.parts" / "mine").write_text("x")
    assert "this one is none of `label`'s" in said(tmp_path / "o.csv")


def test_an_input_is_not_overwritten(joint_files, tmp_path, refusal):
    file = tmp_path / "rows.csv"
    file.write_text("text\nfly to Oslo\n")
    (tmp_path / "link.csv").symlink_to(file)
    said = refusal(joint_files.onnx, file, "-o", tmp_path / "link.csv", "--force")
    assert "it is an input, too" in said


def test_a_folder_without_the_right_to_write(joint_files, lines, tmp_path, refusal):
    if os.getuid() == 0:
        pytest.skip("the superuser may write anywhere")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    said = refusal(joint_files.onnx, lines, "-o", folder / "o.csv")
    assert "cannot be made (permission denied)" in said


def test_a_full_disk_keeps_what_is_finished(
    joint_files, lines, tmp_path, label, monkeypatch, small_chunks, capfd
):
    out, write, count = tmp_path / "out.jsonl", Path.write_bytes, []

    def full(path, content):
        count.append(path)
        if len(count) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    monkeypatch.setattr(files.Path, "write_bytes", full)
    assert main(["label", str(joint_files.onnx), str(lines), "-o", str(out)]) == 2
    said = capfd.readouterr().err
    assert "the disk is full" in said and "2 finished parts are kept" in said
    monkeypatch.setattr(files.Path, "write_bytes", write)
    assert "10 of 21 texts are answered already" in label(joint_files.onnx, lines, "-o", out)


def test_a_model_that_is_none_leaves_nothing(lines, tmp_path, refusal):
    assert "no such file" in refusal(tmp_path / "m.onnx", lines, "-o", tmp_path / "o.csv")
    (tmp_path / "m.onnx").write_bytes(b"x")
    assert "not an edgetext" in refusal(tmp_path / "m.onnx", lines, "-o", tmp_path / "o.csv")
