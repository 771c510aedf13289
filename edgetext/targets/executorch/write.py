"""A model as a `.pte` file: methods `tokenize` and `forward`, the latter on XNNPACK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.export import Dim, ExportedProgram
from torch.fx.experimental import _config

from edgetext.core.quiet import quiet
from edgetext.model.model import Model
from edgetext.models.layers.attention import has_windows
from edgetext.targets.executorch.decoding import prepare_decoding
from edgetext.targets.executorch.joining import joined
from edgetext.targets.executorch.kept import lowered_once
from edgetext.targets.executorch.layers import prepare_for_executorch
from edgetext.targets.executorch.patches import patched
from edgetext.targets.executorch.pte import lower, to_pte
from edgetext.targets.executorch.session import FORWARD, TOKENIZE
from edgetext.targets.onnx.write import SIZES, sample_texts
from edgetext.text.hashed.folding_graph import FoldedGraph
from edgetext.text.hashed.tokenization import HashedWords

# Else a length that is the lesser of two would be the one that it is of the example.
ANY_LENGTH = {"backed_size_oblivious": True}


def to_executorch(model: Model, constants: Mapping[str, str], *, delegate: bool = True) -> bytes:
    """The program's bytes; `constants` become constant methods that return their UTF-8, uint8[k].
    Without `delegate` no part of it is given to XNNPACK.

    tokenize(text uint8[1, n]), n up to max_bytes + 1, and text_b likewise where the task reads two,
    -> as ids, first, start, end, truncated;
    forward(the first of these, as many as the task takes) -> the task's outputs without
    `truncated`. See models.pipeline for the shapes.
    """
    network = model.copied_network()
    prepare_for_executorch(network)
    limit = model.header.max_bytes
    read = model.first_stage(for_executorch=True)
    answer = model.second_stage(network)
    prepare_decoding(answer)
    texts = sample_texts(model.learner.task.inputs, limit)
    sizes = tuple({1: Dim(size, min=1, max=limit + 1)} for size in SIZES[: len(texts)])
    # oneDNN takes convolutions from a size on, and torch.export would leave the others out.
    with (
        quiet(),
        torch.no_grad(),
        torch.backends.mkldnn.flags(enabled=False),
        patched(),
        ExitStack() as settled,
    ):
        inputs: tuple[Tensor, ...] = read(*texts)[: answer.takes]
        reading = lowered_once(
            read, limit, lambda: lower(torch.export.export(read, texts, dynamic_shapes=sizes))
        )
        if has_windows(network):
            settled.enter_context(_config.patch(**ANY_LENGTH))  # type: ignore[attr-defined]
        shapes = answer.shapes(limit)
        answering = joined(torch.export.export(answer, inputs, dynamic_shapes=shapes))
        _check_bounds(answering, shapes)
        texts_of = {
            name: torch.from_numpy(np.frombuffer(value.encode("utf-8"), np.uint8).copy())
            for name, value in constants.items()
        }
        hashed = isinstance(model.vocabulary, HashedWords)
        if delegate and hashed and not isinstance(read.pieces, FoldedGraph):
            # Its convolution takes a fifth of the time there; of other text graphs XNNPACK takes
            # nothing, and one that folds look-alikes cannot be traced anew, which that needs.
            return to_pte({}, {TOKENIZE: reading, FORWARD: answering}, texts_of)
        if delegate:
            return to_pte({TOKENIZE: reading}, {FORWARD: answering}, texts_of)
        return to_pte({TOKENIZE: reading, FORWARD: lower(answering)}, {}, texts_of)


def _check_bounds(program: ExportedProgram, shapes: Sequence[Mapping[int, Any]]) -> None:
    """A program that takes shorter texts than it was asked to would fail on a device alone."""
    wanted = {dim.max for shape in shapes for dim in shape.values()}
    found = {int(bound.upper) for bound in program.range_constraints.values()}
    if not wanted <= found:
        raise RuntimeError(f"lengths up to {sorted(wanted)} became {sorted(found)}")
