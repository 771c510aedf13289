"""Answering needs no PyTorch: held in processes in which importing it fails."""

import subprocess
import sys

import pytest

from edgetext.registry import names
from edgetext.tasks.task import task_of

TASKS = names("task")

# Stands in the place of libraries that a host of exported files does not have.
WALL = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "executorch", "lightning_fabric", "pydantic"):
            raise ImportError(f"{name} is imported")

sys.meta_path.insert(0, Wall())
"""


def run(program, *arguments):
    command = [sys.executable, "-c", WALL + program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_wall_holds():
    assert "torch is imported" in run("import edgetext.tasks.learner").stderr


def test_no_task_imports_pytorch():
    found = run("from edgetext.registry import names; print(*names('task'))")
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == TASKS


@pytest.mark.parametrize("name", ["joint", "multi"])
def test_an_onnx_file_answers_without_pytorch(name, predictors):
    program = "import edgetext; print(edgetext.load(sys.argv[1]).predict(sys.argv[2]))"
    found = run(program, predictors[name].onnx.path, "a cheap hotel in Rome")
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == str(predictors[name].onnx.predict("a cheap hotel in Rome"))


def test_only_the_task_that_is_asked_for_is_imported():
    program = (
        "from edgetext.tasks.task import task_of; task_of('classify');"
        "print('edgetext.tasks.answers.lm' in sys.modules)"
    )
    assert run(program).stdout == "False\n"


@pytest.mark.parametrize("name", TASKS)
def test_every_task_says_what_each_output_is(name):
    task = task_of(name, {"tasks": ["a=joint"], "a.intent": ["x", "y"], "a.slots": ["z"]})
    labels = {"intent": ["x", "y"], "slots": [], "a.intent": ["x", "y"], "a.slots": ["z"]}
    words = task.describe(labels)
    # These are outputs of some models alone; in_scope is one for each task of several.
    always = [output for output in words if output in task.outputs]
    assert (*always, "truncated") == task.outputs
    others = {output.rpartition(".")[2] for output in words if output not in always}
    assert others <= {"span_scores", "in_scope"}
    assert all(text.startswith(f"`{output}` ") for output, text in words.items())
