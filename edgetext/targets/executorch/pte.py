"""From exported programs to the bytes of a `.pte` file."""

from __future__ import annotations

from collections.abc import Mapping

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


def to_pte(
    lowered: Mapping[str, ExportedProgram],
    delegated: Mapping[str, ExportedProgram],
    constants: Mapping[str, Tensor],
) -> bytes:
    """Write methods to one program: `lowered` ones as they are (see `lower`), `delegated` with
    whatever of them XNNPACK takes, and `constants` as methods that return them."""
    manager = to_edge_transform_and_lower(
        dict(delegated),
        partitioner={name: [XnnpackPartitioner()] for name in delegated},
        compile_config=_config(),
    )
    edges = {**lowered, **{name: manager.exported_program(name) for name in delegated}}
    both = EdgeProgramManager(edges, dict(constants), _config())
    program = both.to_executorch(ExecutorchBackendConfig(segment_alignment=ALIGNMENT))
    return bytes(program.buffer)


def lower(program: ExportedProgram) -> ExportedProgram:
    """Bring a program to ExecuTorch's dialect, for its own kernels."""
    return to_edge(program, compile_config=_config()).exported_program()


def _config() -> EdgeCompileConfig:
    return EdgeCompileConfig(_check_ir_validity=False)
