"""`edgetext inspect` and `edgetext verify`."""

import json

import pytest

from edgetext.cli import main

KINDS = ["pt", "onnx", "pte"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_add_up_to_the_file(int8_files, capsys, kind):
    path = getattr(int8_files, kind)
    assert main(["inspect", "--json", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(part["bytes"] for part in found["parts"]) == found["bytes"] == path.stat().st_size
    assert all(part["bytes"] >= 0 for part in found["parts"])
    assert (found["task"], found["variant"]) == ("joint", "int8")
    assert found["intents"] == ["flight", "hotel", "weather"] and found["slots"] == ["city", "day"]
    names = {part["part"] for part in found["parts"]}
    if kind != "pte":
        assert {"encoder.layers.0", "embedding"} <= names
    if kind == "pt":
        assert len(found["history"]) == 2 and "golden_examples" not in found
    else:
        assert found["golden_examples"] >= 8 and "metadata and golden examples" in names


@pytest.mark.parametrize("kind", KINDS)
def test_in_words(joint_files, capsys, kind):
    path = getattr(joint_files, kind)
    assert main(["inspect", str(path)]) == 0
    out = capsys.readouterr().out
    assert f"bytes              {path.stat().st_size}" in out
    assert "3: flight, hotel, weather" in out and "where the bytes are" in out
    assert "accuracy 1.0000" in out


def test_verify_of_good_files(int8_files, capsys):
    files = (int8_files.onnx, int8_files.pte, int8_files.pt)
    assert main(["verify", *map(str, files)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert f"{int8_files.onnx}: ok, " in first and f"{int8_files.pte}: ok, " in second
    assert "loads and answers" in third


@pytest.mark.parametrize("kind", ["onnx", "pte"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"intent": 1', b'"intent": 0'),
        (b"[[0, ", b"[[1, "),
        (b'"truncated": false', b'"truncated": 1    '),
    ],
)
def test_a_golden_example_that_differs_is_status_1(
    joint_files, tmp_path, capsys, tamper, kind, old, new
):
    path = tamper(getattr(joint_files, kind), tmp_path / f"m.{kind}", old, new)
    assert main(["verify", str(path)]) == 1
    out = capsys.readouterr().out
    assert f"{path}: FAILED" in out and "expected" in out and "found" in out


@pytest.mark.parametrize("kind", ["onnx", "pte"])
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"contract": 1', b'"contract": 7', "newer edgetext"),
        (b'"task": "joint"', b'"task": "dance"', "runs classify, embed, joint"),
        (b'{"contract"', b'<"contract"', "not JSON"),
    ],
)
def test_metadata_that_cannot_be_read(joint_files, tmp_path, capsys, tamper, kind, old, new, words):
    path = tamper(getattr(joint_files, kind), tmp_path / f"m.{kind}", old, new)
    for command in ("verify", "inspect"):
        assert main([command, str(path)]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"edgetext: error: {path}: ") and words in error
        assert error.count("\n") == 1


def test_where_the_time_goes(int8_files, capsys):
    assert main(["inspect", "--time", "--json", str(int8_files.onnx)]) == 0
    found = json.loads(capsys.readouterr().out)["operators"]
    assert sum(one["calls"] for one in found) > 50
    assert all(one["microseconds"] >= 0 for one in found)
    assert main(["inspect", "--time", "--text", "a room in Rome", str(int8_files.onnx)]) == 0
    out = capsys.readouterr().out
    assert "where the time goes" in out and "DynamicQuantizeMatMul" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--text", "a"], "belongs to --time"),
        (["--time", "--text", "a", "--text", "b"], "reads 1 text"),
    ],
)
def test_what_cannot_be_timed_is_told(int8_files, capsys, arguments, words):
    assert main(["inspect", *arguments, str(int8_files.onnx)]) == 2
    assert words in capsys.readouterr().err


def test_a_checkpoint_is_not_timed(int8_files, capsys):
    assert main(["inspect", "--time", str(int8_files.pt)]) == 2
    assert "PyTorch's operators are not timed" in capsys.readouterr().err


def test_a_program_names_its_matrices(int8_files, capsys):
    assert main(["inspect", "--json", str(int8_files.pte)]) == 0
    parts = {part["part"]: part["bytes"] for part in json.loads(capsys.readouterr().out)["parts"]}
    assert parts["text graph"] > 1000 and parts["embedding and decoder"] > 1000
    assert sum(size for name, size in parts.items() if name.startswith("matrix")) > 10_000
    assert parts["graph and file structure"] < 0.1 * sum(parts.values())


@pytest.mark.parametrize(
    ("kind", "operator", "counts"),
    [
        ("onnx", "DynamicQuantizeMatMul", {"operators", "kernels"}),
        ("pte", "aten::_softmax.out", {"operators"}),
    ],
)
def test_the_operators_that_a_file_needs(int8_files, capsys, kind, operator, counts):
    path = getattr(int8_files, kind)
    assert main(["inspect", "--operators", "--json", str(path)]) == 0
    needs = json.loads(capsys.readouterr().out)["needs"]
    assert any(operator in one["operator"] for one in needs["operators"])
    assert set(needs["counts"]) == counts
    assert all(0 < each["needed"] < each["of"] for each in needs["counts"].values())
    assert main(["inspect", "--operators", str(path)]) == 0
    out = capsys.readouterr().out
    each = needs["counts"]["operators"]
    assert f"{each['needed']} of {each['of']} operators" in out and needs["runtime"] in out


def test_what_a_build_of_the_runtime_takes_is_all_that_is_printed(int8_files, capsys):
    assert main(["inspect", "--build-config", str(int8_files.onnx)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 5 and all(line.count(";") >= 2 for line in lines)
    assert main(["inspect", "--build-config", str(int8_files.pte)]) == 0
    assert "et_kernel_metadata:" in capsys.readouterr().out


def test_of_a_checkpoint_there_are_no_operators(int8_files, capsys):
    for option in ("--operators", "--build-config"):
        assert main(["inspect", option, str(int8_files.pt)]) == 2
        assert "tells no operators" in capsys.readouterr().err
