"""Importing ExecuTorch's exporter without what it brings and never runs for a text model's graph.

It asks torch's compiler, which takes half a second to import, for one function that undoes the
compiler's own operators.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

COMPILER, UNDOING = "torch._inductor.fx_passes.post_grad", "decompose_auto_functionalized"
ASKING = "torch.export._remove_auto_functionalized_pass"


def import_exporter() -> None:
    """Import it; the compiler is imported where a graph has such operators."""
    if ASKING not in sys.modules and COMPILER not in sys.modules:
        sys.modules[COMPILER] = _stand_in()
        try:
            importlib.import_module(ASKING)
        finally:
            del sys.modules[COMPILER]
    importlib.import_module("executorch.exir")


def _stand_in() -> ModuleType:
    module = ModuleType(COMPILER)
    setattr(module, UNDOING, _undo)
    return module


def _undo(graph: Any) -> None:
    """Call the function where the graph has such operators. It is asked about each."""
    if any("auto_functionalized" in str(node.target) for node in graph.nodes):
        getattr(importlib.import_module(COMPILER), UNDOING)(graph)
