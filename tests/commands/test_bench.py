"""`edgetext bench`: its words, its exit statuses, and what it refuses."""

import pytest

from edgetext.cli import main
from edgetext_bench.rows import AS_IS, read_rows

RUNTIMES = "executorch,onnxruntime"
TINY = ["--threads", "1", "--batch", "1", "--length", "8", "--quick"]


def test_files_are_measured_without_the_word_run(int8_files, data, tmp_path, capsys):
    path = tmp_path / "r.jsonl"
    arguments = [str(int8_files.onnx), "--recipe", str(data / "joint.yaml"), "-o", str(path)]
    assert main(["bench", *TINY, *arguments]) == 0
    out = capsys.readouterr().out
    assert "joint-int8.onnx · onnxruntime" in out and "report" in out
    assert {row["status"] for row in read_rows(path)} == {"ok"}


def test_only_what_is_asked_for_is_measured_and_speeds_are_compared(
    joint_files, int8_files, data, tmp_path, capsys
):
    path = tmp_path / "r.jsonl"
    files = [str(joint_files.onnx), str(int8_files.onnx)]
    chosen = ["--recipe", str(data / "joint.yaml"), "--only", "latency", "--runtime", RUNTIMES]
    assert main(["bench", *files, *TINY, *chosen, "-o", str(path)]) == 0
    assert {row["cell"]["kind"] for row in read_rows(path)} == {"latency"}
    heading, first, second = capsys.readouterr().out.splitlines()[:3]
    assert heading.endswith("first ÷ time")
    times = [row["measured"]["p50_us"] for row in read_rows(path) if row["cell"]["length"] == AS_IS]
    assert first.split()[-1] == "1.00" and second.split()[-1] == f"{times[0] / times[1]:.2f}"


def test_a_file_of_another_task_is_named_and_the_others_are_measured(
    int8_files, classify_files, data, tmp_path, capsys
):
    bad = tmp_path / "other.onnx"
    bad.write_bytes(b"no model")
    path = tmp_path / "r.jsonl"
    arguments = [str(bad), str(int8_files.onnx), "--recipe", str(data / "joint.yaml")]
    assert main(["bench", *TINY, *arguments, "--only", "quality", "-o", str(path)]) == 1
    assert "left out: " in (err := capsys.readouterr().err) and "other.onnx" in err
    assert {row["cell"]["contender"] for row in read_rows(path)} == {"joint-int8.onnx"}


@pytest.mark.parametrize(
    "words, said",
    [
        (["missing.onnx", "--recipe", "RECIPE"], "no such file"),
        (["notes.txt", "--recipe", "RECIPE"], "give .pt, .onnx and .pte files"),
        (["FILE", "--recipe", "snipz"], "snipz"),
        (["FILE", "--recipe", "RECIPE", "--threads", "9999"], "--threads"),
        (["FILE", "--recipe", "RECIPE", "--threads", "x"], "not a valid integer"),
        (["FILE", "--recipe", "RECIPE", "--on", "moon"], "moon"),
        (["FILE", "--recipe", "RECIPE", "--runtime", "tflite"], "tflite"),
        (["FILE", "--recipe", "RECIPE", "--only", "latencies"], "did you mean latency?"),
        ([], "FILES"),
    ],
)
def test_bad_input_is_one_sentence(words, said, int8_files, data, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = {"FILE": str(int8_files.onnx), "RECIPE": str(data / "joint.yaml")}
    assert main(["bench", "run", *(known.get(word, word) for word in words)]) == 2
    assert said in (err := capsys.readouterr().err) and err.count("\n") == 1


def test_an_empty_test_file_is_named(int8_files, data, tmp_path, capsys):
    empty = tmp_path / "empty.tsv"
    empty.write_text("")
    text = (data / "joint.yaml").read_text().replace(f"{data}/test.tsv", str(empty))
    recipe = tmp_path / "empty.yaml"
    recipe.write_text(text)
    output = tmp_path / "r.jsonl"
    arguments = [str(int8_files.onnx), "--recipe", str(recipe), "-o", str(output)]
    assert main(["bench", *arguments]) == 2
    assert "empty.tsv" in capsys.readouterr().err and not output.exists()


def test_a_model_of_another_task_is_refused_and_the_others_go_on(
    int8_files, parse_files, data, tmp_path, capsys
):
    path = tmp_path / "r.jsonl"
    tiny = ["--quick", "--only", "quality", "--limit", "4"]
    given = [*tiny, "--recipe", str(data / "joint.yaml"), "-o", str(path)]
    assert main(["bench", str(parse_files.onnx), *given]) == 2
    assert "a model of task parse, and the data is of task joint" in capsys.readouterr().err
    assert main(["bench", str(parse_files.onnx), str(int8_files.onnx), *given]) == 1
    found = capsys.readouterr()
    assert "left out" in found.err and "joint-int8.onnx" in found.out
