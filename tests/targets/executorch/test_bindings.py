"""A .pte file is answered in as many threads as asked for and without ExecuTorch's exporter, which
is whole for who wants it later."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from edgetext.predictor import load
predictor = load({path!r}{more})
before = [name for name in sys.modules if name.startswith("executorch.exir")]
answer = predictor.predict("wake me at seven")
counted = sys.modules["executorch.extension.pybindings._portable_lib"]._threadpool_get_thread_count
print(before, counted())
"""
# What may come after it in the same process.
EXPORTER = """
import executorch.exir
from executorch.exir import to_edge
from executorch.exir._warnings import ExperimentalWarning
assert executorch.exir._warnings.ExperimentalWarning is ExperimentalWarning
assert load({path!r}).predict("wake me at seven") == answer
"""


def said(program, predictors, more=""):
    program = program.format(path=str(predictors["joint"].pte.path), more=more)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_exporter_is_not_imported_to_answer_and_there_is_one_thread(predictors):
    assert said(PROGRAM, predictors) == "[] 1"


@pytest.mark.slow
def test_the_exporter_can_be_imported_after_an_answer(predictors):
    assert said(PROGRAM + EXPORTER, predictors) == "[] 1"


def test_there_are_more_threads_where_they_are_asked_for(predictors):
    assert said(PROGRAM, predictors, ", threads=3") == "[] 3"
