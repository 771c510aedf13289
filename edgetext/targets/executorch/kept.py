"""Methods that are lowered once in a process: every file of a vocabulary has the same `tokenize`.

Each pass of ExecuTorch goes through a program in Python, so that what was lowered before is not
traced and lowered again for the int8 file beside the float32 one.
"""

from __future__ import annotations

import copy
import hashlib
import pickle
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.export import ExportedProgram

# So many programs are kept; each has the tables of a vocabulary.
KEPT = 4
programs: dict[Any, ExportedProgram] = {}


def lowered_once(
    module: nn.Module, settings: Any, lower: Callable[[], ExportedProgram]
) -> ExportedProgram:
    """Return what `lower` makes of a module, once for each content; to be changed as one likes.

    settings: all else that it depends on.
    """
    # Another class of the same name may compute something else.
    key = digest((module, settings)), tuple(type(part) for part in module.modules())
    if key not in programs:
        if len(programs) == KEPT:
            del programs[next(iter(programs))]
        programs[key] = lower()
    return copy.deepcopy(programs[key])


def digest(content: Any) -> str:
    """Hash all that an object holds; equal hashes are of equal objects."""
    written = _Hash()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(content)
    return written.state.hexdigest()


class _Hash:
    """A file that keeps the hash of what is written."""

    def __init__(self) -> None:
        self.state = hashlib.sha256()

    def write(self, data: Any) -> int:
        self.state.update(data)
        return memoryview(data).nbytes


class _Pickler(pickle.Pickler):
    """Writes a tensor by its numbers: torch names it by its place in memory."""

    def reducer_override(self, part: Any) -> Any:
        if not isinstance(part, Tensor):
            return NotImplemented
        numbers = part.detach().contiguous().numpy().tobytes()
        return tuple, ((str(part.dtype), *part.shape, numbers),)
