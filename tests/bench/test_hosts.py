"""`edgetext bench hosts`: what becomes of a host that crashes, hangs, lies or is not there."""

import json
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest

from edgetext.cli import main
from edgetext.conformance.reference import reference
from edgetext_bench.hosts import matrix
from edgetext_bench.hosts.asking import RESTARTS, Reply, ask
from edgetext_bench.hosts.host import Host
from edgetext_bench.hosts.matrix import Matrix
from edgetext_bench.hosts.table import markdown, table
from edgetext_bench.hosts.verdict import EQUAL, RED, SKIPPED, judge
from edgetext_bench.runtimes.onnxruntime.javascript import LACKS

# Answers with the number of bytes of each text, but for texts that say what else to do.
WORKER = """
import base64, json, os, signal, sys, time
for (text,) in json.load(sys.stdin):
    data = base64.b64decode(text)
    if data == b"die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if data == b"hang":
        time.sleep(60)
    if data == b"stop":
        sys.exit("no more")
    line = {"outputs": {"size": {"dims": [1], "type": "int32", "data": [len(data)]}}}
    print("noise" if data == b"noise" else json.dumps(line), flush=True)
"""
COMMAND = [sys.executable, "-c", WORKER]


def asked(*texts, patience=20.0):
    return ask(COMMAND, {}, [(text,) for text in texts], patience)


def test_a_host_that_crashes_is_started_again_behind_the_text():
    replies = asked(b"a", b"die", b"bcd", b"noise")
    assert [r.outputs and r.outputs["size"].tolist() for r in replies] == [[1], None, [3], None]
    assert replies[1].ended and replies[1].fault == "process ended by signal 11 (SIGSEGV)"
    assert "noise" in replies[3].fault and not replies[3].ended


def test_a_host_is_started_again_a_few_times_and_the_rest_is_not_asked():
    replies = asked(*[b"die"] * (RESTARTS + 3))
    assert [r.ended for r in replies] == [True] * (RESTARTS + 1) + [False] * 2
    assert not any(r.asked for r in replies[RESTARTS + 1 :])


def test_a_host_that_hangs_is_ended():
    replies = asked(b"hang", b"a", patience=2.0)
    assert replies[0].fault == "no answer within 2 s" and replies[1].answered


def test_a_host_that_does_not_begin_is_not_started_again():
    replies = asked(b"stop", b"a")
    assert {r.fault for r in replies} == {"The model could not be loaded: no more"}


@pytest.fixture(scope="module")
def truth(int8):
    return reference(int8, 16)


def replies_of(truth):
    """The checkpoint's own answers, as a host would give them."""
    run, names = truth.predictor.session.run, truth.predictor.metadata.fields["outputs"]
    arrays = [
        run(*(np.frombuffer(text or b" ", np.uint8)[None] for text in question.texts))
        for question in truth.questions
    ]
    return [Reply(dict(zip(names, outputs, strict=True))) for outputs in arrays]


def test_the_checkpoint_s_own_answers_are_equal(truth):
    verdict = judge(truth, replies_of(truth))
    assert verdict.status == EQUAL and verdict.words == f"{verdict.total}/{verdict.total}"
    assert verdict.total == len(truth.questions) > verdict.borderline


def change(truth, index, **changed):
    replies = replies_of(truth)
    replies[index] = Reply({**replies[index].outputs, **changed})
    return judge(truth, replies)


def test_another_answer_is_red_where_it_is_settled_and_counted_where_it_is_not(truth):
    index = truth.settled.index(True)
    scores = replies_of(truth)[index].outputs["scores"]
    turned = np.roll(scores, 1)
    verdict = change(truth, index, scores=turned)
    assert verdict.status == RED and f"at text {index}: " in verdict.words
    loose = replace(truth, settled=[False] * len(truth.settled))
    verdict = change(loose, index, scores=turned)
    assert verdict.status == EQUAL and f", 1 of {verdict.total} borderline differ" in verdict.words


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scores": np.full((1, 3), np.nan, np.float32)}, "not between 0 and 1"),
        ({"scores": np.full((1, 3), 0.3)}, "scores is float64, not float32"),
        ({"spans": np.array([[[0, 0, 999]]], np.int32)}, "bytes 0 to 999"),
        ({"spans": np.array([[[99, 0, 1]]], np.int32)}, "cannot be read"),
    ],
)
def test_an_answer_that_the_contract_does_not_allow_is_red_even_on_a_borderline_text(
    truth, changed, said
):
    loose = replace(truth, settled=[False] * len(truth.settled))
    verdict = change(loose, 0, **changed)
    assert verdict.status == RED and said in verdict.words


def test_a_missing_output_is_red(truth):
    replies = replies_of(truth)
    replies[2] = Reply({"scores": replies[2].outputs["scores"]})
    assert "without the output spans" in judge(truth, replies).words


def rows_of(hosts, checkpoint):
    return list(Matrix(hosts, 4).rows(checkpoint))


def test_rows_tell_what_is_missing_what_is_lacking_and_what_is_unlike_the_newest(
    int8_files, monkeypatch
):
    def refuse(path, metadata, texts):
        return [Reply(fault="The model could not be loaded: No Op registered for LabelEncoder")] * (
            len(texts)
        )

    def mute(path, metadata, texts):
        return [Reply(fault="no")] + [Reply()] * (len(texts) - 1)

    monkeypatch.setattr(matrix, "SUFFIXES", (".onnx",))
    hosts = [
        Host("gone", (".onnx",), missing="install it"),
        Host("webgpu", (".onnx",), {"": refuse}, lacks=LACKS["webgpu"]),
        Host("other", (".onnx",), {"": refuse}),
        Host("new", (".onnx",), {"": mute}, family="f"),
        Host("old", (".onnx",), {"": mute}, family="f"),
        Host("pte alone", (".pte",), {"": mute}),
    ]
    rows = rows_of(hosts, int8_files.pt)
    assert [(row["host"], row["status"]) for row in rows] == [
        ("gone", SKIPPED), ("webgpu", SKIPPED), ("other", RED), ("new", RED), ("old", RED),
    ]  # fmt: skip
    assert "ai.onnx.ml" in rows[1]["words"]
    assert rows[2]["words"].startswith("refuses the file: No Op")
    assert [row.get("unlike") for row in rows[3:]] == [None, 0]
    made = table(rows)
    assert made.headings == ["host", ".onnx int8"]
    assert [line[0] for line in made.lines] == ["gone", "webgpu", "other", "new", "old"]
    page = markdown(made)
    assert page.count("\n| ") == 6 and "- skipped: gone: install it" in page


@pytest.fixture
def copied(int8_files, tmp_path):
    """The tiny int8 model alone in a folder, as a checkpoint and an `.onnx`."""
    for file in (int8_files.pt, int8_files.onnx):
        shutil.copy(file, tmp_path)
    return tmp_path / int8_files.pt.name


def test_the_command_writes_rows_and_a_table(copied, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(matrix, "SUFFIXES", (".onnx",))
    arguments = ["--host", "onnxruntime==1.3*", "--texts", "8", "--folder", str(tmp_path)]
    files = ["-o", str(tmp_path / "r.jsonl"), "--table", str(tmp_path / "r.md")]
    assert main(["bench", "hosts", str(copied), *arguments, *files]) == 0
    rows = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    newest = [row for row in rows if row["host"] == "onnxruntime==1.32.0"]
    assert [row["way"] for row in newest] == ["none", "default"]
    assert {row["status"] for row in newest} == {EQUAL}
    skipped = [row for row in rows if row["host"] == "onnxruntime==1.31.1"]
    assert "pip install --no-deps --target" in skipped[0]["words"]
    assert "| onnxruntime==1.32.0 | " in (tmp_path / "r.md").read_text("utf-8")
    assert "1.32.0" in capsys.readouterr().out


def test_a_file_of_another_checkpoint_is_red(copied, classify_files, tmp_path, monkeypatch):
    monkeypatch.setattr(matrix, "SUFFIXES", (".onnx",))
    shutil.copy(classify_files.onnx, copied.with_suffix(".onnx"))
    command = ["bench", "hosts", str(copied), "--host", "onnxruntime==1.32.0", "--texts", "0"]
    assert main([*command, "-o", str(tmp_path / "r.jsonl")]) == 1
    assert "give --force" in (tmp_path / "r.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["student.onnx"], "give the .pt file"),
        (["student.pt", "--host", "onnxruntim"], "no host is called so"),
        (["student.pt", "--table", "x.txt"], "name it FILE.md"),
        (["student.pt"], "no such file"),
    ],
)
def test_what_is_refused(arguments, said, tmp_path, capsys):
    output = ["-o", str(tmp_path / "r.jsonl")]
    assert main(["bench", "hosts", *arguments, *output]) == 2
    assert said in capsys.readouterr().err
