"""Importing ExecuTorch's exporter without what it brings and never runs for a text model's graph.

It asks torch's compiler, which takes half a second to import, for one function that undoes the
compiler's own operators.
"""

from __future__ import annotations

import importlib
import logging
import sys
from types import ModuleType
from typing import Any

COMPILER, UNDOING = "torch._inductor.fx_passes.post_grad", "decompose_auto_functionalized"
PARTITIONER = "executorch.backends.xnnpack.partition.xnnpack_partitioner"
ASKING = "torch.export._remove_auto_functionalized_pass"


def import_exporter() -> None:
    """Import it; the compiler is imported where a graph has such operators.

    XNNPACK's partitioner sets logging up for the whole program when it is imported, after which
    every line of a log would be written twice; that is undone.
    """
    handlers, level = list(logging.root.handlers), logging.root.level
    if ASKING not in sys.modules and COMPILER not in sys.modules:
        sys.modules[COMPILER] = _stand_in()
        try:
            importlib.import_module(ASKING)
        finally:
            del sys.modules[COMPILER]
    importlib.import_module("executorch.exir")
    importlib.import_module(PARTITIONER)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def _stand_in() -> ModuleType:
    module = ModuleType(COMPILER)
    setattr(module, UNDOING, _undo)
    return module


def _undo(graph: Any) -> None:
    """Call the function where the graph has such operators. It is asked about each."""
    if any("auto_functionalized" in str(node.target) for node in graph.nodes):
        getattr(importlib.import_module(COMPILER), UNDOING)(graph)
