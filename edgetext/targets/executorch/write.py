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
from executorch.backends.xnnpack.utils.utils import get_param_tensor
from torch import Tensor
from torch.export import Dim, ExportedProgram

from edgetext.core.quiet import quiet
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network
from edgetext.targets.executorch.layers import prepare_for_executorch
from edgetext.targets.executorch.lowering import lowered
from edgetext.targets.executorch.session import FORWARD, TOKENIZE
from edgetext.targets.onnx.write import SIZES, sample_texts
from edgetext.targets.pytorch.session import build_answer
from edgetext.tasks.learner import learner_of
from edgetext.text.vocabulary import Vocabulary

# Of the names of XNNPACK's constants.
KEY_DIGITS = 10


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
    prepare_for_executorch(network)
    limit = header.max_bytes
    vocabulary = Vocabulary.from_header(header.vocabulary)
    learner = learner_of(header.task, header.labels)
    read = learner.first_stage(vocabulary, limit, for_executorch=True).eval()
    answer = build_answer(checkpoint, network)
    texts = sample_texts(learner.task.inputs, limit)
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
        reading = torch.export.export(read, texts, dynamic_shapes=sizes)
        answering = torch.export.export(answer, inputs, dynamic_shapes=answer.shapes(limit))
        _check_bounds(answering, answer.shapes(limit))
        texts_of = {
            name: torch.from_numpy(np.frombuffer(value.encode("utf-8"), np.uint8).copy())
            for name, value in constants.items()
        }
        if delegate:
            return lowered({TOKENIZE: reading}, {FORWARD: answering}, texts_of)
        return lowered({TOKENIZE: reading, FORWARD: answering}, {}, texts_of)


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
