"""What the exporter asks for and does not run is not imported, and there for those who ask."""

import subprocess
import sys

SCRIPT = """
import logging
import sys
from edgetext.targets.executorch.importing import COMPILER, import_exporter
import_exporter()
import executorch.exir.program
assert not logging.root.handlers, "lines of a log are written once"
assert COMPILER not in sys.modules, "the stand-in is gone, and the compiler is not imported"

import torch
from torch.export import _remove_auto_functionalized_pass as undoing
graph = torch.fx.symbolic_trace(torch.nn.ReLU()).graph
undoing.decompose_auto_functionalized(graph)
assert COMPILER not in sys.modules
asked = torch.ops.higher_order.auto_functionalized
graph.call_function(asked, (torch.ops.aten.add_.Tensor,))
try:
    undoing.decompose_auto_functionalized(graph)
except Exception:
    pass
assert COMPILER in sys.modules, "a graph that has such an operator is given to the compiler"
"""


def test_the_compiler_is_imported_where_a_graph_needs_it_alone():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
