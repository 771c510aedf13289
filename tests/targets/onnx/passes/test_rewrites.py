"""Rewrites of exported graphs change no answer."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from edgetext.models.quantized.int8 import Int8
from edgetext.targets.onnx import write as onnx_export
from edgetext.targets.onnx.layers import OnnxInt8Linear
from edgetext.targets.onnx.passes.rewrites import pack_hash_tables, shorten_names
from edgetext.targets.onnx.write import export_graph, optimized


class Positions(nn.Module):
    """Where a vector is not zero, and where a matrix is not."""

    def forward(self, x):
        flat = x.reshape(-1).nonzero().reshape(-1)
        return flat, x.nonzero(), x.nonzero().reshape(-1)


def run(model, x):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"x": x})


def test_indices_stay_what_they_were():
    shape = {0: torch.export.Dim("n", min=2)}
    model = export_graph(Positions(), {"x": (torch.ones(4, 3, dtype=torch.int64), shape)})
    x = np.array([[0, 2, 0], [3, 0, 4]])
    rows = np.array([[0, 1], [1, 0], [1, 2]])
    for made in (model, optimized(model)):
        flat, pairs, joined = run(made, x)
        assert flat.tolist() == [1, 3, 5]
        assert pairs.tolist() == rows.tolist()
        assert joined.tolist() == rows.reshape(-1).tolist()
    onnx.checker.check_model(optimized(model))
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Transpose") < kinds.count("NonZero")


def test_short_names_change_no_answer():
    shape = {0: torch.export.Dim("n", min=2)}
    inputs = {"x": (torch.ones(4, 3, dtype=torch.int64), shape)}
    model = export_graph(Positions(), inputs, ["flat", "pairs", "joined"])
    x = np.array([[0, 2, 0], [3, 0, 4]])
    before, size = run(model, x), model.ByteSize()
    shorten_names(model)
    assert [tensor.name for tensor in model.graph.output] == ["flat", "pairs", "joined"]
    assert all(map(np.array_equal, before, run(model, x)))
    assert model.ByteSize() < size


class Picked(nn.Module):
    """Rows by indices, which torch's exporter flattens first."""

    def forward(self, x):
        index = x.reshape(-1).nonzero().reshape(-1)
        return x.reshape(-1).index_select(0, index)


def test_a_vector_is_not_flattened_again():
    shape = {0: torch.export.Dim("n", min=2)}
    model = export_graph(Picked(), {"x": (torch.ones(4, 3, dtype=torch.int64), shape)})
    x = np.array([[0, 2, 0], [3, 0, 4]])
    assert run(model, x)[0].tolist() == [2, 3, 4]
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Reshape") <= 3


class Windows(nn.Module):
    """Three neighbours of each row; of a vector each number's predecessor, and a count."""

    def forward(self, x):
        vector = x[0, :, 0].long()
        before = torch.cat([torch.tensor([7]), vector[:-1]])
        padded = nn.functional.pad(x, (0, 0, 1, 1))
        seen = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=-1)
        other = torch.cat([padded[:, :-1], padded[:, 1:]], dim=-1)
        found = vector.nonzero().reshape(-1)
        return seen, other, before, torch.arange(found.shape[0])


@pytest.mark.parametrize("length", [1, 2, 5])
def test_windows_are_shifted_by_padding_alone(length):
    shape = {1: torch.export.Dim("n", min=1)}
    module = Windows().eval()
    model = export_graph(module, {"x": (torch.rand(1, 4, 3), shape)})
    x = torch.arange(length * 3, dtype=torch.float32).reshape(1, length, 3) + 1
    for made in (model, optimized(model)):
        for wanted, found in zip(module(x), run(made, x.numpy()), strict=True):
            assert np.array_equal(wanted.numpy(), found)
    kinds = [node.op_type for node in model.graph.node]
    # Two windows, the predecessor, and the padded sequence that is one longer than it was.
    assert kinds.count("Pad") == 4 and kinds.count("Size") == 1


def test_a_hash_table_is_packed_and_answers_as_before():
    keys = np.random.default_rng(1).integers(-(1 << 63), 1 << 62, 500)
    node = onnx.helper.make_node(
        "LabelEncoder", ["x"], ["y"], domain="ai.onnx.ml", keys_int64s=keys.tolist(),
        values_int64s=list(range(500)), default_int64=900,
    )  # fmt: skip
    values = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["n"]) for name in "xy"
    ]
    sets = [onnx.helper.make_opsetid("", 20), onnx.helper.make_opsetid("ai.onnx.ml", 4)]
    graph = onnx.helper.make_graph([node], "g", values[:1], values[1:])
    model = onnx.helper.make_model(graph, opset_imports=sets, ir_version=10)
    size = model.ByteSize()
    pack_hash_tables(model)
    onnx.checker.check_model(model)
    assert model.ByteSize() < 0.75 * size
    (found,) = run(model, np.array([keys[3], 5, keys[499], -1]))
    assert found.tolist() == [3, 900, 499, 900]


class Columns(nn.Module):
    """Vectors side by side, and two that are few enough to stay as they are."""

    def forward(self, x):
        return torch.stack([x, 2 * x, 3 * x], dim=1), torch.stack([x, x + 1], dim=1)


def test_columns_are_put_side_by_side_by_turning_them():
    model = export_graph(Columns(), {"x": (torch.arange(4), {0: torch.export.Dim("n", min=2)})})
    x = np.arange(5)
    for made in (model, optimized(model)):
        three, two = run(made, x)
        assert np.array_equal(three, np.stack([x, 2 * x, 3 * x], axis=1))
        assert np.array_equal(two, np.stack([x, x + 1], axis=1))
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Transpose") == 1 and kinds.count("Unsqueeze") == 2


class Rows(nn.Module):
    """Rows of one: numbers at places that are found, and columns; and a row that has to stay one
    of its own, because the same vector is asked for without it."""

    def forward(self, x):
        found = x.nonzero().reshape(-1)
        held = x.gather(0, found) & 7
        columns = torch.stack([x, 2 * x, 3 * x], dim=1).to(torch.int32)
        twice = x.gather(0, found - 1 + 1) & 3
        return held.unsqueeze(0), columns.unsqueeze(0), twice, twice.unsqueeze(0)


@pytest.mark.parametrize("x", [[0, 9, 3, 0, 14], [5, 6], [0, 0]])
def test_rows_of_one_are_made_on_the_way(x):
    module = Rows().eval()
    inputs = {"x": (torch.arange(4), {0: torch.export.Dim("n", min=2)})}
    model = export_graph(module, inputs, ["held", "columns", "twice", "row"])
    given = np.array(x)
    for made in (model, optimized(model)):
        assert [tensor.name for tensor in made.graph.output] == ["held", "columns", "twice", "row"]
        for wanted, found in zip(module(torch.tensor(x)), run(made, given), strict=True):
            assert np.array_equal(wanted.numpy(), found) and wanted.shape == found.shape
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Unsqueeze") == 1 and kinds.count("Gather") == 1


class Gathered(nn.Module):
    """Columns of what stands where something was found, and the largest of rows there; shared: the
    places are asked for, too."""

    def __init__(self, shared):
        super().__init__()
        self.shared = shared

    def forward(self, x):
        place = x.nonzero().reshape(-1)
        rows = torch.stack([x, -x, x - 3], dim=1).float()
        largest = (rows.index_select(0, place) - rows.index_select(0, place - 1)).argmax(dim=-1)
        columns = torch.stack([largest, x.gather(0, place), x.gather(0, place - 1)], dim=1)
        return (columns.unsqueeze(0), place) if self.shared else (columns.unsqueeze(0),)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("x", [[0, 9, 3, 0, 14], [0, 6], [0, 0]])
def test_columns_are_gathered_as_columns_where_nothing_else_reads_them(shared, x):
    module = Gathered(shared).eval()
    model = export_graph(module, {"x": (torch.arange(4), {0: torch.export.Dim("n", min=2)})})
    for made in (model, optimized(model)):
        for wanted, found in zip(module(torch.tensor(x)), run(made, np.array(x)), strict=True):
            assert np.array_equal(wanted.numpy(), found) and wanted.shape == found.shape
    # What is left is of the rows that it makes itself.
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Transpose") == 1 + shared


class Told(nn.Module):
    """A layer over pieces that is told of the text, as the joint head's is."""

    def __init__(self, context, bias=True):
        super().__init__()
        self.piece = OnnxInt8Linear(Int8().of(nn.Linear(8, 6, bias=bias)))
        self.intent = nn.Linear(3, 6, bias=False)
        self.text = OnnxInt8Linear(Int8().of(nn.Linear(8, 6, bias=False))) if context else None

    def forward(self, x):
        told = self.intent(x[:, 0, :3])
        if self.text is not None:
            told = told + self.text(x.amax(dim=1))
        return self.piece(x) + told.unsqueeze(1)


@pytest.mark.parametrize("context", [True, False])
def test_sums_go_into_the_products(context, monkeypatch):
    torch.manual_seed(1)
    module = Told(context).eval()
    inputs = {"x": (torch.rand(1, 4, 8), {1: torch.export.Dim("n", min=1)})}
    made = export_graph(module, inputs)
    monkeypatch.setattr(onnx_export, "add_within_products", lambda model: None)
    plain = export_graph(module, inputs)
    x = np.random.default_rng(1).random((1, 9, 8), np.float32)
    assert np.allclose(run(made, x)[0], run(plain, x)[0], atol=1e-5)
    kinds = [[node.op_type for node in model.graph.node] for model in (plain, made)]
    assert "Add" in kinds[0] and not {"Add", "Unsqueeze"} & set(kinds[1])


def test_a_sum_that_no_product_has_room_for_stays():
    module = Told(True, bias=False).eval()
    inputs = {"x": (torch.rand(1, 4, 8), {1: torch.export.Dim("n", min=1)})}
    kinds = [node.op_type for node in export_graph(module, inputs).graph.node]
    assert kinds.count("Add") == 1 and kinds.count("Gemm") == 1
