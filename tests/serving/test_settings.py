"""What a server is told."""

from math import inf
from pathlib import Path

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.publishing.reference import Reference
from edgetext.serving.settings import Limits, divided, model_and_name


def test_a_model_may_be_given_a_name(tmp_path):
    assert model_and_name("a/b.onnx") == (Path("a/b.onnx"), None)
    assert model_and_name("a/b.onnx=c") == (Path("a/b.onnx"), "c")
    assert model_and_name("a=1/b.onnx=c") == (Path("a=1/b.onnx"), "c")
    (tmp_path / "x=1.onnx").touch()
    assert model_and_name(f"{tmp_path}/x=1.onnx") == (tmp_path / "x=1.onnx", None)


def test_no_deadline_is_never():
    assert Limits(deadline=0).end(5.0) == inf
    assert Limits(deadline=2).end(5.0) == 7.0


def test_files_and_versions_are_told_apart(tmp_path):
    odd = tmp_path / "a#b@c.onnx"
    odd.touch()
    files, published = divided(
        ["x.onnx=y", str(odd), "models#trips@production", "s3://b/p#trips@v2=t", f"{odd}=n"]
    )
    assert files == ((Path("x.onnx"), "y"), (odd, None), (odd, "n"))
    assert published == (
        (Reference("models", "trips", "production"), None),
        (Reference("s3://b/p", "trips", "v2"), "t"),
    )
    with pytest.raises(EdgetextError, match="REPOSITORY#NAME@STAGE"):
        divided(["no#file.onnx"])
