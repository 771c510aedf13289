"""A specification is held to what was asked for."""

from types import SimpleNamespace as Ns

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.targets.coreml.check import INT64, check_package

FLOAT32, INT32 = 65568, 131104
OUTPUTS = {"scores": ("float32", 2), "truncated": ("int32", 1)}


def feature(name, kind):
    return Ns(name=name, type=Ns(multiArrayType=Ns(dataType=kind)))


def value(name, rank, kind=11):
    return Ns(name=name, type=Ns(tensorType=Ns(dimensions=[None] * rank, dataType=kind)))


def spec(score=FLOAT32, rank=2, name="truncated", between=11):
    outputs = [value("between", 1, between), value("scores", rank), value(name, 1)]
    block = Ns(operations=[Ns(outputs=[output]) for output in outputs])
    return Ns(
        description=Ns(
            input=[feature("text", INT32)], output=[feature("scores", score), feature(name, INT32)]
        ),
        mlProgram=Ns(functions={"main": Ns(block_specializations={"CoreML7": block})}),
    )


def test_what_was_asked_for_passes():
    check_package(spec(), ["text"], OUTPUTS, "m")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (spec(score=INT32), "scores int32 of 2"),
        (spec(rank=3), "scores float32 of 3"),
        (spec(name="cut"), "cut int32 of 1"),
        (spec(between=INT64), r"64 bits \(between\)"),
    ],
    ids=["type", "rank", "name", "long"],
)
def test_what_was_not_is_refused(other, words):
    with pytest.raises(EdgetextError, match=words):
        check_package(other, ["text"], OUTPUTS, "m")
