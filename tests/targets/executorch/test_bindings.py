"""A .pte file is answered in as many threads as asked for and without ExecuTorch's exporter, which
is whole for who wants it later."""

import subprocess
import sys

PROGRAM = """
import sys
from edgetext.predictor import load
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


def test_executorch_has_one_thread_unless_asked_for_more(predictors):
    path = str(predictors["joint"].pte.path)
    program = """
import sys
from edgetext.predictor import load
load({path!r}{more}).predict("wake me at seven")
print(sys.modules["executorch.extension.pybindings._portable_lib"]._threadpool_get_thread_count())
"""
    for more, count in (("", "1"), (", threads=3", "3")):
        done = subprocess.run(
            [sys.executable, "-c", program.format(path=path, more=more)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == count
