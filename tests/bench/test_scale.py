"""Networks of other sizes: as wide as asked, timed beside each other, their exponents right."""

import shutil

import numpy as np
import pytest

from edgetext.cli import main
from edgetext.recipe import Recipe
from edgetext.targets import catalog
from edgetext.timing import statistics
from edgetext.timing.untrained import resized, small_recipe, untrained
from edgetext.training.splits import load_splits
from edgetext_bench import scale as scales
from edgetext_bench.report import scale as report
from edgetext_bench.report.markdown import markdown
from edgetext_bench.report.page import page
from edgetext_bench.rows import cell_of, read_rows


def test_all_widths_change_in_proportion_and_heads_divide_them(data):
    recipe = Recipe.load(data / "joint.yaml")
    made = resized(small_recipe(recipe), vocabulary=90, width=50)
    checkpoint = untrained(made, load_splits(recipe), int8=False)
    fields = checkpoint.header.recipe["encoder"]
    assert fields["hidden"] == fields["embedding"] == 50 and fields["hidden"] % fields["heads"] == 0
    assert len(checkpoint.header.pieces) <= 90
    again = untrained(made, load_splits(recipe), int8=False)
    for name, tensor in checkpoint.tensors.items():
        assert bool((tensor == again.tensors[name]).all())


def test_each_point_comes_once_in_both_variants(data):
    recipe = Recipe.load(data / "joint.yaml")
    found = scales.points(recipe, (16, 32), (200, 100))
    assert [(p.width, p.vocabulary) for p in found[::2]] == [(16, 200), (32, 200), (32, 100)]
    assert len({p.name for p in found}) == len(found) == 6


def test_the_exponent_is_in_its_interval_and_a_clean_law_has_none():
    sizes = [32, 64, 128, 256, 512]
    middle, low, high = statistics.exponent_interval(sizes, [s**1.5 for s in sizes])
    assert middle == pytest.approx(1.5) and high - low < 1e-6
    noise = np.random.default_rng(1).normal(0, 0.1, 5)
    times = [s**0.7 * np.exp(e) for s, e in zip(sizes, noise, strict=True)]
    middle, low, high = statistics.exponent_interval(sizes, times)
    assert low < 0.7 < high and low < middle < high
    assert statistics.exponent_interval([1, 2], [1, 2]) is None


@pytest.mark.slow
def test_the_command_measures_resumes_and_reports(
    data, write_recipe, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(catalog, "measured_artifacts", lambda: [".onnx"])
    written, write = {}, scales.write_variant

    def once(checkpoint, output):
        """A width's own file is not needed to see what becomes of its row."""
        kind = checkpoint.stem.split("-", 1)[1]
        if kind in written:
            shutil.copy(written[kind], output)
        else:
            written[kind] = write(checkpoint, output)

    monkeypatch.setattr(scales, "write_variant", once)
    recipe = write_recipe(data, "scale", "classify", "{type: bag, embedding: 16, hidden: 32}")
    path = tmp_path / "s.jsonl"
    sizes = ["--width", "16,32,64", "--vocabulary", "100,200", "--quick", "-o", str(path)]
    command = ["bench", "scale", "--recipe", str(recipe), *sizes]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "float32, onnxruntime, whole: ∝ width^" in said
    before = path.read_bytes()
    assert main(command) == 0 and path.read_bytes() == before
    rows = read_rows(path)
    assert {cell_of(row).kind for row in rows} == {"latency", "network"}
    widths = [c for c in report.curves(rows) if c.axis == "width"]
    assert len(widths) == 4
    assert all([size for size, _, _ in c.points] == [16, 32, 64] for c in widths)
    (gain,) = report.gains(rows)
    assert [width for width, _ in gain[1]] == [16, 32, 64]
    assert "By width, untrained" in markdown(rows) and "Latency by vocabulary" in page(rows)


def test_an_encoder_without_a_width_is_refused(data, monkeypatch, tmp_path, capsys):
    from edgetext_bench import scale

    plain = Recipe.load(data / "joint.yaml")
    bare = plain.encoder.model_copy()
    bare.__pydantic_extra__ = {}
    monkeypatch.setattr(
        scale, "small_recipe", lambda recipe: plain.model_copy(update={"encoder": bare})
    )
    arguments = ["--recipe", str(data / "joint.yaml"), "-o", str(tmp_path / "s.jsonl")]
    assert main(["bench", "scale", *arguments]) == 2
    assert "no field `hidden`" in capsys.readouterr().err
    assert not (tmp_path / "s.jsonl").exists()


def test_the_exponent_at_the_end_is_that_of_the_two_largest_sizes():
    times = [100 + size**2 / 100 for size in (32, 64, 128, 256)]
    points = tuple((s, t, (t, t)) for s, t in zip((32, 64, 128, 256), times, strict=True))
    curve = report.Curve("width", "whole", "onnxruntime", "int8", points, (0.5, 0.1, 0.9))
    assert curve.last == pytest.approx(np.log2(times[3] / times[2]))
    assert curve.in_words().endswith(f"^{curve.last:.2f} from 128 to 256")


def test_a_network_that_convolves_has_fixed_steps_in_int8(data, write_recipe):
    encoder = "{type: conv, embedding: 64, hidden: 64, layers: 1, kernel: 3}"
    recipe = small_recipe(Recipe.load(write_recipe(data, "window", "joint", encoder)))
    splits = load_splits(recipe)
    plain, fixed = (untrained(recipe, splits, int8=True, fixed=x) for x in (False, True))
    assert not any(name.endswith("input_zero") for name in plain.tensors)
    assert any(name.endswith("input_zero") for name in fixed.tensors)
