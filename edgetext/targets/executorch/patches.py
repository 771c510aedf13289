"""What is changed in ExecuTorch's exporter while a file is written, and why.

All of it is of the release that pyproject.toml pins; a newer one is to be looked through again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import torch
from executorch.backends.xnnpack._passes.conv1d_unsqueeze_pass import Conv1dUnsqueezePass
from executorch.backends.xnnpack.operators import node_visitor
from executorch.backends.xnnpack.utils.utils import get_param_tensor
from executorch.exir.pass_manager import ExportedProgramPassManager
from torch._export import utils
from torch._ops import OpOverload
from torch.export import ExportedProgram
from torch.fx import GraphModule

from edgetext.targets.executorch import applying, replaying
from edgetext.targets.executorch.decomposing import drop_unused, respelled
from edgetext.targets.patching import replaced
from edgetext.targets.tracing import traced_fast

# So many digits of a hash name a constant of XNNPACK's.
KEY_DIGITS = 10


@contextlib.contextmanager
def patched() -> Iterator[None]:
    """Change the exporter while the block runs: short names of constants, convolutions that read
    two texts, no pass that cannot apply, and nothing computed that is known."""
    unsqueeze, decompose = "unsqueeze_kernel_weights", "run_decompositions"
    materialize = "_materialize_cpp_cia_ops"
    changes: list[tuple[Any, str, Any]] = [
        (node_visitor, "hashlib", SimpleNamespace(sha256=_short)),
        (Conv1dUnsqueezePass, unsqueeze, _once(Conv1dUnsqueezePass.unsqueeze_kernel_weights)),
        (ExportedProgram, decompose, decompositions(ExportedProgram.run_decompositions)),
        (ExportedProgram, "validate", _trusted),
        (ExportedProgramPassManager, "check", _trusted),
        # Once rather than for each kind of operators, of which there are dozens.
        (utils, materialize, functools.cache(utils._materialize_cpp_cia_ops)),
        *applying.changes(),
        *replaying.changes(),
    ]
    with replaced(changes), traced_fast():
        yield


def _trusted(*given: Any) -> None:
    """Take a program for well formed, which else is looked through before and behind each of 17
    passes over each of 34 parts of a network."""


def _short(data: bytes) -> Any:
    """Name a constant by the first digits of its hash.

    Each name stands in the file twice, and 64 digits of 27 of them are 1 % of a small one. Two
    constants of one name would be refused when they are stored.
    """
    digits = hashlib.sha256(data).hexdigest()[:KEY_DIGITS]
    return SimpleNamespace(hexdigest=lambda: digits)


def _once(original: Callable[..., None]) -> Callable[..., None]:
    """Let a convolution that reads two texts (two towers) have its weights made two-dimensional for
    XNNPACK once. ExecuTorch's pass does it at each use, and then fits none."""

    def unsqueeze(conversion: Conv1dUnsqueezePass, weights: Any) -> None:
        known = get_param_tensor(conversion.exported_program, weights)
        if known is None or known.dim() == 3:
            original(conversion, weights)

    return unsqueeze


def decompositions(original: Callable[..., ExportedProgram]) -> Callable[..., ExportedProgram]:
    """Leave a program as it is where the table has no operator of its: where it was decomposed
    before, or where it is only to be rid of what changes a tensor in place, and has nothing such.
    Else write its nodes anew where that is enough, and trace it where it is not.

    ExecuTorch decomposes a delegated method three times, and each time traces it anew; the first is
    for operators in place, and behind the second there is mostly nothing left to do.
    """

    def decompose(
        program: ExportedProgram, decomp_table: dict[Any, Any] | None = None, **options: Any
    ) -> ExportedProgram:
        if type(decomp_table) is dict and not decomp_table and not _changes_in_place(program):
            return program
        if decomp_table is not None and not options:
            targets = {n.target for n in program.graph.nodes if n.op == "call_function"}
            # In the table, and yet one of the operators that there are at the end.
            targets.discard(torch.ops.aten.sym_size.int)
            if program.dialect == "ATEN" and targets.isdisjoint(decomp_table):
                return program
            spelled = respelled(program, decomp_table)
            if spelled is not None:
                replaying.note_inputs(spelled)
                return spelled
            drop_unused(program)
        traced = original(program, decomp_table, **options)
        replaying.note_inputs(traced)
        return traced

    return decompose


def _changes_in_place(program: ExportedProgram) -> bool:
    graphs = [m.graph for m in program.graph_module.modules() if isinstance(m, GraphModule)]
    targets = {node.target for graph in graphs for node in graph.nodes}
    return any(isinstance(x, OpOverload) and x._schema.is_mutable for x in targets)
