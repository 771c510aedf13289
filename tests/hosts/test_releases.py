"""Files in the releases of ONNX Runtime that are promised, oldest to newest: the checkpoint's
answers, on every sort of text, and no process that ends. The fast tests ask the oldest, and of two
models the others too; the slow ones have every task, precision and release.

`make test` installs OLDEST and NPMS, `make check-all` the others too.
"""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from releases import NEWEST, NPMS, OLDEST, host_of, run_in
from torch import nn

from edgetext.conformance.reference import reference
from edgetext.models.layers.convolution import convolve
from edgetext.models.quantized.exported_layers import Place
from edgetext.models.quantized.int8 import Int8
from edgetext.models.quantized.static import Static, StaticScales
from edgetext.targets.onnx.layers import OnnxInt8Linear, int8_linear, static_convolution
from edgetext.targets.onnx.write import export_graph
from edgetext_bench.hosts.matrix import verdict_of
from edgetext_bench.hosts.verdict import EQUAL
from edgetext_bench.runtimes.onnxruntime.runtime import RUNTIME

# By the fixture that makes the checkpoint and its `.onnx`.
TINY = ["joint", "int8", "hashed", "classify", "tag", "parse", "multi", "lm"]
# Of the further texts that are made, the fast tests ask each of so many.
SAMPLED = 4


def _module(path):
    """A module of tests, which are no package."""
    spec = importlib.util.spec_from_file_location("every_task", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


every_task = _module(Path(__file__).parents[1] / "compression" / "test_every_task.py")
trained = every_task.trained


@pytest.fixture(scope="session")
def truth(texts):
    """truth(checkpoint) -> its answers to the texts of every sort and those of the fixture."""
    return _truth(texts)


@pytest.fixture(scope="session")
def sampled_truth(texts):
    """The same of fewer texts: five ways to round each of them are a quarter of a minute's work."""
    return _truth(texts[::SAMPLED])


def _truth(texts):
    known = {}

    def make(checkpoint):
        if checkpoint not in known:
            known[checkpoint] = reference(checkpoint, 0, texts)
        return known[checkpoint]

    return make


def releases(name):
    """The releases in which a model is asked, those but the oldest in slow tests for most."""
    for release in (OLDEST, NPMS, NEWEST):
        fast = release == OLDEST or name in ("joint", "int8")
        yield pytest.param(name, release, marks=[] if fast else [pytest.mark.slow])


def faults(checkpoint, file, release, truth, levels=("none", "default")):
    """What is wrong with a release's answers, in words, by the level of optimization."""
    ways = host_of(release).ways
    verdicts = {level: verdict_of(ways[level], file, truth(checkpoint)) for level in levels}
    assert all(verdict.total > 50 or verdict.faults for verdict in verdicts.values())
    return {level: v.words for level, v in verdicts.items() if v.status != EQUAL}


def written(checkpoint, suffix=".onnx"):
    """The checkpoint's file of that suffix, written once; in ORT format by a name of its own, since
    its card would be that of the fixture's files."""
    stem = checkpoint.stem if suffix == ".onnx" else f"{checkpoint.stem}{suffix.replace('.', '-')}"
    return every_task.exported(checkpoint, checkpoint.with_name(f"{stem}{suffix}"))


@pytest.mark.parametrize(("name", "release"), [case for name in TINY for case in releases(name)])
def test_a_release_answers_as_the_checkpoint(name, release, sampled_truth, request):
    files = request.getfixturevalue(f"{name}_files")
    assert faults(files.pt, files.onnx, release, sampled_truth) == {}


ANSWER = """\
import sys
import numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
numpy.save(sys.argv[3], session.run(None, {"x": numpy.load(sys.argv[2])})[0])
"""


@pytest.mark.parametrize("columns", [16, 17, 31, 79])
def test_the_oldest_release_multiplies_any_number_of_columns(columns, tmp_path):
    """For a text of many pieces; 1.24 has columns that its own operator answers wrongly."""
    host_of(OLDEST)
    layer = Int8().of(nn.Linear(96, columns))
    x = torch.randn(1, 64, 96, generator=torch.Generator().manual_seed(5))
    lowered = int8_linear(layer, Place("tags"))
    answer = answer_of_the_oldest(lowered, x, tmp_path)
    layer.rounding = "tensor" if isinstance(lowered, OnnxInt8Linear) else "blocks"
    expected = layer(x).detach().numpy()
    assert np.abs(answer - expected).max() < 1e-3 * expected.std()


class Convolved(nn.Module):
    """A layer of an encoder by itself, on windows of three pieces."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return convolve(self.layer, x, 3, None)


@pytest.mark.parametrize("channels", [24, 29, 61])
def test_the_oldest_release_convolves_integers_of_any_number_of_channels(channels, tmp_path):
    host_of(OLDEST)
    torch.manual_seed(6)
    scales = StaticScales(3, 0.03, 128, 0.02, reads_table=False)
    layer = Static(scales).of(nn.Linear(3 * 96, channels))
    x = torch.randn(1, 64, 96)
    answer = answer_of_the_oldest(Convolved(static_convolution(layer, Place("0"))), x, tmp_path)
    expected = Convolved(layer)(x).detach().numpy()
    assert answer.shape == (1, 64, channels)
    assert np.abs(answer - expected).max() < 1.01 * scales.output_scale


def answer_of_the_oldest(module, x, folder):
    """What a module of one input float[1, n, D] answers to it as a graph in that release."""
    graph = export_graph(module, {"x": (x, {1: torch.export.Dim("n", min=1)})})
    paths = [str(folder / name) for name in ("model.onnx", "x.npy", "y.npy")]
    Path(paths[0]).write_bytes(graph.SerializeToString())
    np.save(paths[1], x.numpy())
    run_in(OLDEST, ANSWER, *paths)
    return np.load(paths[2])


@pytest.mark.slow
@pytest.mark.parametrize("release", RUNTIME.releases)
@pytest.mark.parametrize("name", ["joint", "int8"])
def test_ort_format_in_every_release(name, release, truth, request):
    checkpoint = request.getfixturevalue(f"{name}_files").pt
    assert faults(checkpoint, written(checkpoint, ".ort"), release, truth) == {}


def cases():
    """Each model of every task in each precision, and as it was trained."""
    for name in [*every_task.MODELS, "multi"]:
        for precision in (None, *every_task.PRECISIONS):
            if name != "lm" or precision not in every_task.REFUSED:
                yield pytest.param(name, precision, id=f"{name}-{precision or 'float32'}")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "precision"), list(cases()))
def test_every_task_and_precision_in_every_release(name, precision, truth, trained):
    checkpoint = trained(name)
    if precision:
        checkpoint = every_task.quantized(checkpoint, precision)
    file, ends = written(checkpoint), (OLDEST, NPMS, NEWEST)
    found = {
        release: faults(
            checkpoint, file, release, truth, ("none", "default") if release in ends else ("none",)
        )
        for release in RUNTIME.releases
    }
    assert {release: words for release, words in found.items() if words} == {}


@pytest.mark.slow
def test_one_tower_in_every_release(truth, trained, tmp_path):
    """A tower alone has no checkpoint: that of both, whose header says `embed`, is the truth."""
    from edgetext.artifacts.export import one_tower
    from edgetext.model.model import Model

    source = trained("towers")
    tower = tmp_path / "tower.pt"
    one_tower(Model.load(source)).save(tower)
    found = {x: faults(tower, written(tower), x, truth) for x in RUNTIME.releases}
    assert {release: words for release, words in found.items() if words} == {}


def test_the_makefile_installs_every_release():
    text = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
    (few,) = re.findall(r"^HOSTS := .*?,([\d. ]+)\)", text, re.MULTILINE)
    (more,) = re.findall(r"^MORE_HOSTS := .*?,([\d. ]+)\)", text, re.MULTILINE)
    assert {OLDEST, NPMS} <= set(few.split())
    assert {*few.split(), *more.split(), NEWEST} == set(RUNTIME.releases)
