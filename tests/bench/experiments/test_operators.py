"""The table of the operators that files need."""

from pathlib import Path

from edgetext.targets.needs import NeededOperator, Needs
from edgetext_bench.experiments.operators import by_file, by_operator, of_files


def needs(*operators: tuple[str, str]) -> Needs:
    rows = tuple(NeededOperator(name, "1", (kind,)) for name, kind in operators)
    return Needs(rows, "Runtime 1.0", (("operators", len(rows), 1000),), (), "")


def test_a_row_a_file_and_a_row_an_operator():
    told = {
        Path("runs/a/one.onnx"): needs(("x::Add", "int64"), ("x::Mul", "float32")),
        Path("runs/b/two.onnx"): needs(("x::Add", "float32")),
    }
    assert by_file(told)[2:] == [
        "| `a/one.onnx` | 2 of 1,000 operators | 2 |",
        "| `b/two.onnx` | 1 of 1,000 operators | 1 |",
        "| all, Runtime 1.0 | 2 of 1,000 operators | 3 |",
    ]
    assert by_operator(told)[3:] == [
        "| `x::Add` | int64, float32 | 2 |",
        "| `x::Mul` | float32 | 1 |",
    ]


def test_a_checkpoint_is_left_out(int8, int8_files):
    told = of_files([int8, int8_files.onnx])
    assert list(told) == [int8_files.onnx] and len(told[int8_files.onnx].operators) > 20
