"""`edgetext conformance`: what it prints, writes and refuses."""

import json
import shutil

import numpy as np
import pytest

from edgetext.cli import main
from edgetext.targets.onnx.session import OnnxSession
from edgetext.tasks.answers.joint import Joint


def test_files_are_held_to_their_checkpoint(int8_files, tmp_path, capsys):
    files = [str(int8_files.onnx), str(int8_files.pte)]
    rows, page = tmp_path / "rows.jsonl", tmp_path / "page.md"
    page.write_text("# Engines\n", "utf-8")
    data = tmp_path / "own.txt"
    data.write_text("a cheap hotel in Rome\n", "utf-8")
    command = ["conformance", *files, "--texts", "30", "--data", str(data)]
    assert main([*command, "--json", str(rows), "--table", str(page)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["task", "engine", "file", "asked"]
    assert lines[1].startswith("joint") and lines[1].endswith("  0") and len(lines) == 5
    written = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    assert [row["engine"]["runtime"] for row in written] == ["onnxruntime", "executorch"]
    assert written[0]["file"]["name"] == int8_files.onnx.name
    assert written[0]["checkpoint"]["name"] == int8_files.pt.name
    text = page.read_text("utf-8")
    assert (
        text.startswith("# Engines\n\n| engine | int8 |\n") and text.count("| ONNX Runtime ") == 1
    )


def test_another_answer_is_status_1_and_named_on_one_line(joint_files, capsys, monkeypatch):
    run = OnnxSession.run

    def turned(self, *texts):
        scores, *others = run(self, *texts)
        return np.roll(scores, 1), *others

    monkeypatch.setattr(OnnxSession, "run", turned)
    assert main(["conformance", str(joint_files.onnx), "--texts", "14"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5 and all(" instead of " in line for line in lines[2:])
    assert all(line.isprintable() for line in lines)


def test_an_older_teacher_may_be_the_truth(int8_files, joint_files, capsys):
    command = ["conformance", str(int8_files.onnx), "--against", str(joint_files.pt)]
    assert main([*command, "--texts", "0"]) in (0, 1)
    assert "joint" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["m.onnx"], "no such file"),
        (["m.onnx", "--runtime", "onnxruntim"], "did you mean onnxruntime?"),
        (["m.pte", "--runtime", "onnxruntime"], "not a runtime that opens .pte files"),
        (["m.txt"], "not a model that edgetext knows"),
        (["m.onnx", "--table", "page.txt"], "name it FILE.md"),
        (["{int8.onnx}", "--against", "{int8.onnx}"], "give a .pt file"),
        (["{int8.onnx}", "--against", "{classify.pt}"], "are not the same"),
        (["{int8.onnx}", "--against", "m.pt"], "no such file"),
        (["{int8.onnx}", "--data", "m.csv"], "no such file"),
    ],
)
def test_what_is_refused(refused, int8_files, classify_files, arguments, said):
    names = {"{int8.onnx}": int8_files.onnx, "{classify.pt}": classify_files.pt}
    assert said in refused("conformance", *[names.get(word, word) for word in arguments])


def test_a_file_without_its_checkpoint_is_refused(refused, int8_files, tmp_path):
    path = shutil.copy(int8_files.onnx, tmp_path / "m.onnx")
    assert "give it with --against" in refused("conformance", path)


def test_ctrl_c_leaves_nothing(int8_files, tmp_path, capsys, monkeypatch):
    def stop(self, index):
        raise KeyboardInterrupt

    monkeypatch.setattr("edgetext.conformance.reference.Reference.describe", stop)
    monkeypatch.setattr(Joint, "agree", lambda self, expected, answer: False)
    files = ["--json", str(tmp_path / "r.jsonl"), "--table", str(tmp_path / "t.md")]
    assert main(["conformance", str(int8_files.onnx), "--texts", "0", *files]) == 130
    assert list(tmp_path.iterdir()) == []
    assert "no half-written file" in capsys.readouterr().err
