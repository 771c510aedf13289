"""A checkpoint as a `.pte` file: methods `tokenize` and `forward`, the latter on XNNPACK."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from executorch.backends.xnnpack._passes.conv1d_unsqueeze_pass import Conv1dUnsqueezePass
from executorch.backends.xnnpack.operators import node_visitor
from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
from executorch.backends.xnnpack.utils.utils import get_param_tensor
from executorch.exir import EdgeCompileConfig, ExecutorchBackendConfig, to_edge_transform_and_lower
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from edgetext.core.quiet import quiet
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network, replace_modules
from edgetext.models.quantized.fake import LIMIT
from edgetext.models.quantized.int4 import Int4Linear
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear
from edgetext.models.quantized.static import StaticConvolution
from edgetext.targets.executorch.session import FORWARD, TOKENIZE
from edgetext.targets.onnx.write import SIZES, sample_texts
from edgetext.targets.pytorch.session import build_answer
from edgetext.tasks import task_of
from edgetext.text.vocabulary import Vocabulary

BOUNDS = (-128, 127)
# By these XNNPACK tells weights of 4 bits.
NIBBLE_LIMITS = (-8, 7)
# Of what stands behind the program. A page's would let the system map a part of a large file.
ALIGNMENT = 16
# Of the names of XNNPACK's constants.
KEY_DIGITS = 10
# From the checkpoint's unsigned activations to signed ones.
ZERO_POINT = 128
# torch's own smallest step in a dynamic quantization.
_EPSILON = torch.finfo(torch.float32).eps


class DynamicInt8Linear(nn.Module):
    """Int8Linear spelled as PT2E spells a dynamically quantized layer, which XNNPACK recognises.

    The weights are the checkpoint's integers; XNNPACK rounds the inputs row by row.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor
    bias: Tensor | None

    def __init__(self, layer: Int8Linear | Int4Linear) -> None:
        super().__init__()
        if isinstance(layer, Int4Linear):
            self.limits, weight = NIBBLE_LIMITS, layer.values()
        else:
            self.limits, weight = (-LIMIT, LIMIT), layer.weight
        self.register_buffer("weight", weight)
        self.register_buffer("scale", layer.scale)
        self.register_buffer("zero", torch.zeros(len(layer.scale), dtype=torch.int64))
        self.register_buffer("bias", layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.with_bias(x, self.bias)

    def with_bias(self, x: Tensor, bias: Tensor | None) -> Tensor:
        operators = torch.ops.quantized_decomposed
        scale, zero = operators.choose_qparams.tensor(x, *BOUNDS, _EPSILON, torch.int8)
        rounded = operators.quantize_per_tensor.tensor(x, scale, zero, *BOUNDS, torch.int8)
        x = operators.dequantize_per_tensor.tensor(rounded, scale, zero, *BOUNDS, torch.int8)
        weight = operators.dequantize_per_channel.default(
            self.weight, self.scale, self.zero, 0, *self.limits, torch.int8
        )
        return nn.functional.linear(x, weight, bias)


class StaticInt8Convolution(nn.Module):
    """StaticConvolution as PT2E spells a statically quantized layer: signed integers, each tensor
    between a quantizer and its opposite, which XNNPACK takes as one operator.

    weight int8[N, D, width].
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor
    bias: Tensor

    def __init__(self, layer: StaticConvolution) -> None:
        super().__init__()
        self.register_buffer("weight", layer.weight.transpose(1, 2).contiguous())
        self.register_buffer("scale", layer.scale)
        self.register_buffer("zero", torch.zeros(len(layer.scale), dtype=torch.int64))
        self.register_buffer("bias", layer.bias)
        self.input = float(layer.input_scale), int(layer.input_zero) - ZERO_POINT
        self.output = float(layer.output_scale), -ZERO_POINT

    def over_windows(self, x: Tensor, width: int, mask: Tensor | None, causal: bool) -> Tensor:
        weight = torch.ops.quantized_decomposed.dequantize_per_channel.default(
            self.weight, self.scale, self.zero, 0, -LIMIT, LIMIT, torch.int8
        )
        x = _rounded(x.transpose(1, 2), self.input)
        y = nn.functional.conv1d(x, weight, self.bias, padding=width // 2)
        return _rounded(torch.relu(y), self.output).transpose(1, 2)


class OneStepTable(nn.Module):
    """Int8Embedding of one step, whose rows XNNPACK takes as the integers that they are."""

    weight: Tensor

    def __init__(self, table: Int8Embedding) -> None:
        super().__init__()
        self.register_buffer("weight", table.weight)
        self.step = float(table.scale)

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight)
        made: Tensor = torch.ops.quantized_decomposed.dequantize_per_tensor.default(
            rows, self.step, 0, *BOUNDS, torch.int8
        )
        return made


def _rounded(x: Tensor, step: tuple[float, int]) -> Tensor:
    """x as signed integers of a step (scale, zero), and back."""
    operators = torch.ops.quantized_decomposed
    taken = operators.quantize_per_tensor.default(x, *step, *BOUNDS, torch.int8)
    made: Tensor = operators.dequantize_per_tensor.default(taken, *step, *BOUNDS, torch.int8)
    return made


class TiedTwice(nn.Module):
    """The embedding of a tied network, with the output matrix as a tensor of its own.

    XNNPACK packs its matrices in its own order and gathers no rows, so in a `.pte` the table has to
    stand twice.
    """

    matrix: Tensor

    def __init__(self, embedding: Any) -> None:
        super().__init__()
        self.embedding = embedding
        self.linear: DynamicInt8Linear | None = None
        if isinstance(embedding, Int8Embedding):
            scale = embedding.scale.expand(len(embedding.weight), 1).reshape(-1).clone()
            self.linear = DynamicInt8Linear(Int8Linear(embedding.weight.clone(), scale, None))
        else:
            self.register_buffer("matrix", embedding.table().detach().clone())

    def forward(self, ids: Tensor) -> Tensor:
        rows: Tensor = self.embedding(ids)
        return rows

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        if self.linear is not None:
            return self.linear.with_bias(x, bias)
        return nn.functional.linear(x, self.matrix, bias)


def for_executorch(name: str, module: nn.Module) -> nn.Module:
    """The module to export in the place of a leaf of the network."""
    if isinstance(module, Int8Linear | Int4Linear):
        return DynamicInt8Linear(module)
    if isinstance(module, StaticConvolution):
        return StaticInt8Convolution(module)
    if isinstance(module, Int8Embedding) and module.one_step:
        return OneStepTable(module)
    return module


def to_executorch(
    checkpoint: Checkpoint, constants: Mapping[str, str], *, delegate: bool = True
) -> bytes:
    """The program's bytes; `constants` become constant methods that return their UTF-8, uint8[k].
    Without `delegate` no part of it is given to XNNPACK.

    tokenize(text uint8[1, n]), n up to max_bytes + 1, and text_b likewise where the task reads two,
    -> as ids, first, start, end, truncated;
    forward(the first of these, as many as the task takes) -> the task's outputs without
    `truncated`. See models.pipeline for the shapes.
    """
    header = checkpoint.header
    network = load_network(checkpoint)
    embedding = network.embedding
    replace_modules(network, for_executorch)
    if network.tied:
        network.embedding = TiedTwice(embedding)
    limit = header["max_bytes"]
    vocabulary = Vocabulary.from_header(header["vocabulary"])
    task = task_of(header["task"], header["labels"])
    read = task.first_stage(vocabulary, limit, for_executorch=True).eval()
    answer = build_answer(checkpoint, network)
    texts = sample_texts(task.inputs, limit)
    sizes = tuple({1: Dim(size, min=1, max=limit + 1)} for size in SIZES[: len(texts)])
    # oneDNN takes convolutions from a size on, and torch.export would leave the others out.
    with (
        quiet(),
        torch.no_grad(),
        torch.backends.mkldnn.flags(enabled=False),
        short_keys(),
        shared_convolutions(),
    ):
        inputs: tuple[Tensor, ...] = read(*texts)[: answer.takes]
        programs = {
            TOKENIZE: torch.export.export(read, texts, dynamic_shapes=sizes),
            FORWARD: torch.export.export(answer, inputs, dynamic_shapes=answer.shapes(limit)),
        }
        _check_bounds(programs[FORWARD], answer.shapes(limit))
        edge = to_edge_transform_and_lower(
            programs,
            partitioner={TOKENIZE: [], FORWARD: [XnnpackPartitioner()] if delegate else []},
            constant_methods={
                name: torch.from_numpy(np.frombuffer(value.encode("utf-8"), np.uint8).copy())
                for name, value in constants.items()
            },
            compile_config=EdgeCompileConfig(_check_ir_validity=False),
        )
        return bytes(
            edge.to_executorch(ExecutorchBackendConfig(segment_alignment=ALIGNMENT)).buffer
        )


@contextlib.contextmanager
def short_keys() -> Iterator[None]:
    """Name XNNPACK's constants by the first digits of their hashes.

    Each name stands in the file twice, and 64 digits of 27 of them are 1 % of a small one. Two
    constants of one name would be refused when they are stored.
    """

    def short(data: bytes) -> Any:
        digits = hashlib.sha256(data).hexdigest()[:KEY_DIGITS]
        return SimpleNamespace(hexdigest=lambda: digits)

    original = node_visitor.hashlib
    node_visitor.hashlib = SimpleNamespace(sha256=short)  # type: ignore[assignment]
    try:
        yield
    finally:
        node_visitor.hashlib = original


@contextlib.contextmanager
def shared_convolutions() -> Iterator[None]:
    """Let a convolution that reads two texts (two towers) have its weights made two-dimensional for
    XNNPACK once. ExecuTorch's pass does it at each use, and then fits none."""

    def once(conversion: Conv1dUnsqueezePass, weights: Any) -> None:
        found = get_param_tensor(conversion.exported_program, weights)
        if found is None or found.dim() == 3:
            original(conversion, weights)

    original = Conv1dUnsqueezePass.unsqueeze_kernel_weights
    Conv1dUnsqueezePass.unsqueeze_kernel_weights = once  # type: ignore[method-assign]
    try:
        yield
    finally:
        Conv1dUnsqueezePass.unsqueeze_kernel_weights = original  # type: ignore[method-assign]


def _check_bounds(program: ExportedProgram, shapes: Sequence[Mapping[int, Any]]) -> None:
    """A program that takes shorter texts than it was asked to would fail on a device alone."""
    wanted = {dim.max for shape in shapes for dim in shape.values()}
    found = {int(bound.upper) for bound in program.range_constraints.values()}
    if not wanted <= found:
        raise RuntimeError(f"lengths up to {sorted(wanted)} became {sorted(found)}")
