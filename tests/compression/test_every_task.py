"""Every precision of `quantize`, for every task and head, in every runtime."""

import pytest
import torch
from every_task import MODELS, TEXTS, succeed, trained_in
from once import made_once
from tester import Tester

from edgetext.cli import main
from edgetext.compression.quantization.quantize import Choices, quantize
from edgetext.model.model import Model


@pytest.fixture(scope="session")
def trained(models):
    """trained(name) -> a checkpoint of that model of MODELS, or of several tasks."""
    return lambda name: trained_in(models / "every-task", name)


PRECISIONS = {
    "int4-static": ["--int4", "--static"],
    "int4-all": ["--int4", "--int4-layers", "all"],
    "static": ["--int8", "--static"],
    "int4": ["--int4"],
    "auto": ["--int8", "--keep-float", "auto", "--max-drop", "100"],
}
# A language model is causal, and its table is its output matrix too.
REFUSED = {"static": "leave out --static", "int4": "leave `embedding` out of --int4-layers"}
REFUSED["int4-static"] = REFUSED["static"]


# Whose file the fast tests make here, in one precision; those of the other tasks they make where
# the tasks are tested.
FAST = ("multi_label",)
# Whose layers the slow tests try to keep, beside those of two that the fast tests do.
MORE = ("multi_label", "match", "qa", "summarize", "multi")


def cases():
    """Each model in each precision for each runtime."""
    for name in [*MODELS, "multi"]:
        for precision in PRECISIONS:
            if name != "lm" or precision not in REFUSED:
                for suffix in (".onnx", ".pte"):
                    fast = name in FAST and precision == "int4-static" and suffix == ".onnx"
                    marks = [] if fast else [pytest.mark.slow]
                    yield pytest.param(name, precision, suffix, marks=marks)


def quantized(source, precision):
    """The checkpoint in a precision of PRECISIONS, beside it."""
    path = source.with_name(f"{source.stem}-{precision}.pt")
    command = ["quantize", *PRECISIONS[precision], str(source), "-o", str(path)]
    return made_once(path, lambda: succeed(command))


@pytest.mark.parametrize(("name", "precision", "suffix"), list(cases()))
def test_a_runtime_answers_as_the_checkpoint(trained, name, precision, suffix):
    Tester(quantized(trained(name), precision), again=True).export(suffix).compare(TEXTS)


@pytest.mark.parametrize("precision", REFUSED)
def test_what_a_runtime_could_not_hold_is_refused(trained, tmp_path, capsys, precision):
    target = tmp_path / "x.pt"
    command = ["quantize", *PRECISIONS[precision], str(trained("lm")), "-o", str(target)]
    assert main(command) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert REFUSED[precision] in error and not target.exists()


@pytest.mark.parametrize(
    "name",
    ["parse", "lm", *(pytest.param(x, marks=pytest.mark.slow) for x in MORE)],
)
def test_auto_keeps_nothing_that_costs_nothing_and_all_where_all_does(trained, name):
    source = trained(name)
    assert quantize(Model.load(source), choices=Choices(keep="auto", max_drop=1000)).kept == []
    result = quantize(Model.load(source), choices=Choices(keep="auto", max_drop=-1000))
    large = [layer.name for layer in quantize(Model.load(source)).layers if layer.weights]
    assert result.kept == sorted(large) and result.after == result.before
    assert all(tensor.dtype == torch.float32 for tensor in result.model.tensors.values())
