"""A .pte file is answered without ExecuTorch's exporter, which is whole for who wants it later."""

import subprocess
import sys

PROGRAM = """
import sys
from edgetext.runtime.predictor import load
predictor = load({path!r})
before = [name for name in sys.modules if name.startswith("executorch.exir")]
answer = predictor.predict("wake me at seven")
import executorch.exir
from executorch.exir import to_edge
from executorch.exir._warnings import ExperimentalWarning
assert executorch.exir._warnings.ExperimentalWarning is ExperimentalWarning
assert load({path!r}).predict("wake me at seven") == answer
print(before)
"""


def test_the_exporter_is_not_imported_to_answer(predictors):
    program = PROGRAM.format(path=str(predictors["joint"].pte.path))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
