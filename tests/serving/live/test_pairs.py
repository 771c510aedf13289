"""Which models can be compared."""

from types import SimpleNamespace

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.serving.live.pairs import check_alike


def model(path, **labels):
    return SimpleNamespace(path=path, metadata=SimpleNamespace(task="any", labels=labels))


def test_the_order_of_labels_does_not_count():
    check_alike(model("a", intent=("x", "y")), model("b", intent=("y", "x")))


def test_labels_that_differ_are_said():
    with pytest.raises(EdgetextError) as error:
        check_alike(model("a", intent=("x", "y")), model("b", intent=("x", "z", "w")))
    assert "b: its labels (intent)" in str(error.value)
    assert "it alone has w, z and a alone has y" in str(error.value)
