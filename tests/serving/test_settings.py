"""What a server is told."""

from math import inf
from pathlib import Path

from edgetext.serving.settings import Limits, model_and_name


def test_a_model_may_be_given_a_name(tmp_path):
    assert model_and_name("a/b.onnx") == (Path("a/b.onnx"), None)
    assert model_and_name("a/b.onnx=c") == (Path("a/b.onnx"), "c")
    assert model_and_name("a=1/b.onnx=c") == (Path("a=1/b.onnx"), "c")
    (tmp_path / "x=1.onnx").touch()
    assert model_and_name(f"{tmp_path}/x=1.onnx") == (tmp_path / "x=1.onnx", None)


def test_no_deadline_is_never():
    assert Limits(deadline=0).end(5.0) == inf
    assert Limits(deadline=2).end(5.0) == 7.0
