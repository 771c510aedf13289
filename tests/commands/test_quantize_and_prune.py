"""`quantize` names what it made, and `prune` prints metrics in their own units."""

import re
import shutil

import pytest

from edgetext.cli import main
from edgetext.model.checkpoint import Checkpoint


@pytest.mark.parametrize("precision", ["int8", "int4"])
def test_quantize_names_the_file_and_the_variant_by_the_precision(joint, tmp_path, precision):
    model = tmp_path / "student.pt"
    shutil.copy(joint, model)
    assert main(["quantize", f"--{precision}", str(model)]) == 0
    path = tmp_path / f"student-{precision}.pt"
    assert Checkpoint.load(path).header.variant == precision
    assert sorted(file.name for file in tmp_path.glob("*.pt")) == sorted([model.name, path.name])


@pytest.mark.parametrize(
    "command", [["quantize", "--int8"], ["prune", "--ratio", "0.2"], ["distill"]]
)
def test_a_quantized_checkpoint_is_refused_by_its_variant(joint, tmp_path, capsys, command):
    model = tmp_path / "student.pt"
    shutil.copy(joint, model)
    assert main(["quantize", "--int4", str(model)]) == 0
    assert main([*command, str(tmp_path / "student-int4.pt")]) == 2
    assert "int4" in capsys.readouterr().err.splitlines()[-1]
    assert len(list(tmp_path.glob("*.pt"))) == 2


def test_without_a_model_quantize_passes_over_what_is_quantized(joint, tmp_path, monkeypatch):
    shutil.copy(joint, tmp_path / "student.pt")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["quantize", "--int4"]) == 0
    assert {file.name for file in tmp_path.glob("*.pt")} == {"student.pt", "student-int4.pt"}


def test_prune_prints_each_metric_in_its_own_unit(lm, tmp_path, capsys):
    target = tmp_path / "pruned.pt"
    command = ["prune", str(lm), "--ratio", "0.2", "--epochs", "0", "-o", str(target)]
    assert main(command) == 0
    table = capsys.readouterr().out
    tested = Checkpoint.load(target).header.metrics["test"]
    (printed,) = re.findall(r"^perplexity .* ([\d.,]+)$", table, re.MULTILINE)
    assert float(printed.replace(",", "")) == pytest.approx(tested["perplexity"], abs=0.006)
