"""ExecuTorch's Python runtime without its exporter."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

EXPORTER, WARNINGS = "executorch.exir", "executorch.exir._warnings"


def executorch_runtime() -> Any:
    """The module executorch.runtime.

    It wants one warning class of `executorch.exir`, and that package's `__init__` brings the whole
    exporter along, three quarters of the time that importing takes. So an empty package stands in
    for it meanwhile; who imports the exporter later gets the real one.
    """
    if "executorch.runtime" in sys.modules or EXPORTER in sys.modules:
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
