"""ExecuTorch's Python runtime without its exporter."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

EXPORTER, WARNINGS = "executorch.exir", "executorch.exir._warnings"
NATIVE = "executorch.extension.pybindings._portable_lib"


def executorch_runtime(threads: int = 1) -> Any:
    """The module executorch.runtime, whose models share `threads` threads.

    The first call decides: a model that is loaded holds on to the threads that there are, so they
    are left alone, too, where the program has imported ExecuTorch by itself. Its own choice, one
    for each core, makes every operator of a small model wait for all cores.
    """
    if "executorch.runtime" in sys.modules:
        return sys.modules["executorch.runtime"]
    first = NATIVE not in sys.modules
    module = _imported()
    if first:
        sys.modules[NATIVE]._unsafe_reset_threadpool(threads)
    return module


def load_program(content: bytes) -> Any:
    """A `.pte` file's program, checked for consistency; the bindings raise what they will."""
    bindings = executorch_runtime()
    checked = bindings.Verification.InternalConsistency
    return bindings.Runtime.get().load_program(content, verification=checked)


def _imported() -> ModuleType:
    """The module without the exporter.

    It wants one warning class of `executorch.exir`, and that package's `__init__` brings the whole
    exporter along, three quarters of the time that importing takes. So an empty package stands in
    for it meanwhile; who imports the exporter later gets the real one.
    """
    if EXPORTER in sys.modules:
        return importlib.import_module("executorch.runtime")
    import executorch

    empty = ModuleType(EXPORTER)
    empty.__path__ = [str(Path(folder, "exir")) for folder in executorch.__path__]
    sys.modules[EXPORTER] = empty
    try:
        return importlib.import_module("executorch.runtime")
    finally:
        for name in (EXPORTER, WARNINGS):
            sys.modules.pop(name, None)
        # Importing a submodule also sets it in its package.
        vars(executorch).pop("exir", None)
