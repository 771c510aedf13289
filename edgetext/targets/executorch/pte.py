"""From exported programs to the bytes of a `.pte` file, in as little time as it takes.

Each pass of ExecuTorch traces a program anew, in Python, so that a file of a few hundred kilobytes
takes half a minute: what was lowered before is not lowered again.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping

import torch
from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
from executorch.exir import (
    EdgeCompileConfig,
    EdgeProgramManager,
    ExecutorchBackendConfig,
    to_edge,
    to_edge_transform_and_lower,
)
from torch import Tensor
from torch.export import ExportedProgram

# What stands behind the program is aligned by so many bytes. A page's would let the system map a
# part of a large file.
ALIGNMENT = 16
# So many portable programs are kept; each has the tables of a vocabulary.
KEPT = 4
_portable: dict[str, ExportedProgram] = {}


def to_pte(
    portable: Mapping[str, ExportedProgram],
    delegated: Mapping[str, ExportedProgram],
    constants: Mapping[str, Tensor],
) -> bytes:
    """Write methods to one program: `portable` on ExecuTorch's own kernels, `delegated` with
    whatever of them XNNPACK takes, and `constants` as methods that return them.

    A portable method that was written before, of the same graph and the same constants, is not
    lowered again: every file of a vocabulary has the same one.
    """
    edges = {name: _edge(program) for name, program in portable.items()}
    manager = to_edge_transform_and_lower(
        dict(delegated),
        partitioner={name: [XnnpackPartitioner()] for name in delegated},
        compile_config=_config(),
    )
    edges |= {name: manager.exported_program(name) for name in delegated}
    both = EdgeProgramManager(edges, dict(constants), _config())
    program = both.to_executorch(ExecutorchBackendConfig(segment_alignment=ALIGNMENT))
    return bytes(program.buffer)


def _config() -> EdgeCompileConfig:
    return EdgeCompileConfig(_check_ir_validity=False)


def _edge(program: ExportedProgram) -> ExportedProgram:
    """Bring a program to ExecuTorch's dialect, once for each content."""
    digest = _digest(program)
    if digest not in _portable:
        if len(_portable) == KEPT:
            del _portable[next(iter(_portable))]
        _portable[digest] = to_edge(program, compile_config=_config()).exported_program()
    # What is written is changed on the way.
    return copy.deepcopy(_portable[digest])


def _digest(program: ExportedProgram) -> str:
    """Hash all that a program is: its graph, its bounds, its tensors."""
    state = hashlib.sha256()
    for part in (program.graph, program.graph_signature, program.range_constraints):
        state.update(str(part).encode())
    for name, tensor in sorted({**program.state_dict, **program.constants}.items()):
        assert isinstance(tensor, Tensor)
        state.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        state.update(tensor.detach().reshape(-1).contiguous().view(torch.uint8).numpy().tobytes())
    return state.hexdigest()
