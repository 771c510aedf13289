"""Time by instruction of a `.pte`, and what an answer takes by the artifact's own shapes."""

import struct

import numpy as np
import pytest

from edgetext.model.checkpoint import Checkpoint
from edgetext.predictor import load
from edgetext.targets.catalog import owner
from edgetext.targets.executorch import prefixes
from edgetext.targets.executorch.program import instructions, shortened
from edgetext.timing.operators import profile
from edgetext.timing.work import work

TEXT = "book me a seat to Oslo next week"


def test_a_method_cut_short_differs_in_its_length_alone(int8_files):
    content = int8_files.pte.read_bytes()
    whole = len(instructions(content, "forward"))
    cut = shortened(content, "forward", 3)
    places = [i for i, (a, b) in enumerate(zip(content, cut, strict=True)) if a != b]
    start = places[0]
    assert max(places) - start < 4
    assert struct.unpack_from("<I", content, start) == (whole,)
    assert len(instructions(cut, "forward")) == 3
    assert len(instructions(cut, "tokenize")) == len(instructions(content, "tokenize"))


def test_operator_times_add_up_to_the_methods(int8_files, monkeypatch):
    monkeypatch.setattr(prefixes, "PASSES", 1)
    found, note = profile(owner(".pte"), load(int8_files.pte), TEXT)
    names = {name for name, _, _ in found}
    assert any(name.startswith("forward: XNNPACK: ") and "FullyConnected" in name for name in names)
    assert f"tokenize: {prefixes.CALL}" in names and "cut short" in note
    content = int8_files.pte.read_bytes()
    counted = sum(len(instructions(content, method)) for method in ("tokenize", "forward"))
    assert sum(calls for _, calls, _ in found) == counted + 2
    assert all(taken >= 0 for _, _, taken in found)


def test_times_that_rise_are_left_alone_and_falls_are_shared_out():
    assert prefixes.rising([1, 2, 3]).tolist() == [1, 2, 3]
    assert prefixes.rising([1, 4, 2, 5]).tolist() == [1, 3, 3, 5]
    rng = np.random.default_rng(1).normal(size=50)
    fitted = prefixes.rising(rng)
    assert (np.diff(fitted) >= 0).all() and fitted.sum() == pytest.approx(rng.sum())


def test_both_runtimes_multiply_the_same_and_as_the_checkpoint_says(int8_files):
    onnx, pte = (work(path, [TEXT]) for path in (int8_files.onnx, int8_files.pte))
    assert onnx["int8_macs"] == pte["int8_macs"] > 0
    from edgetext.text.vocabulary import Vocabulary

    checkpoint = Checkpoint.load(int8_files.pt)
    pieces = 1 + len(Vocabulary.from_header(checkpoint.header.vocabulary).encode(TEXT).ids) - 1
    large = sum(
        tensor.numel()
        for name, tensor in checkpoint.tensors.items()
        if tensor.dtype.is_floating_point is False and "embedding" not in name and tensor.ndim == 2
    )
    assert onnx["int8_macs"] == pytest.approx(pieces * large)
    assert onnx["fp32_macs"] == pytest.approx(pte["fp32_macs"], rel=0.5)


def test_float32_multiplies_as_often_and_moves_more(int8_files, joint_files):
    small, full = (work(path, [TEXT]) for path in (int8_files.onnx, joint_files.onnx))
    assert full["int8_macs"] == 0
    assert full["fp32_macs"] == small["int8_macs"] + small["fp32_macs"]
    assert full["bytes"] > small["bytes"]


@pytest.mark.slow
def test_work_of_hashed_words_is_that_of_their_number(hashed):
    """A convolution over a window of three words: as many products in both runtimes."""
    from edgetext.artifacts.export import export
    from edgetext.model.model import Model

    files = {}
    for suffix in (".onnx", ".pte"):
        path = hashed.with_name(f"work{suffix}")
        export(Model.load(hashed), "mobile", path)
        files[suffix] = work(path, [TEXT])
    onnx, pte = files[".onnx"], files[".pte"]
    words = len(TEXT.split()) + 1
    assert pte["int8_macs"] == pytest.approx(onnx["int8_macs"], rel=0.05)
    assert pte["int8_macs"] >= words * 3 * 32 * (32 + 32)
