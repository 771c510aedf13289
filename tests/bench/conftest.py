"""A tiny run on tiny artifacts, measured once a session."""

from dataclasses import replace

import pytest

from edgetext.recipe import Recipe
from edgetext.tasks.task import task_of
from edgetext.training.splits import load_split
from edgetext_bench import plan as plans
from edgetext_bench.rows import Results
from edgetext_bench.run import common, load_files, taking_part
from edgetext_bench.server import Run

TINY = replace(
    plans.quick(1),
    threads=(1,),
    batches=(1, 2),
    lengths=(8, 16, 32),
    rounds=3,
    round_seconds=0.002,
    starts=1,
    quality_texts=8,
    noise_texts=4,
    kinds=plans.KINDS,
)


@pytest.fixture(scope="session")
def tiny_run(data):
    """measure(files, path, recipe, split, **plan): a run of a few seconds into the results file."""

    def measure(files, path, name="joint", split="test", **changes):
        plan = replace(TINY, **changes)
        recipe = Recipe.load(data / f"{name}.yaml")
        examples = list(task_of(recipe.task).questions(load_split(recipe, split)))[:24]
        loaded, refused = load_files(files, examples, task=recipe.task)
        assert not refused
        run = Run(
            taking_part(loaded, (), quick=True),
            examples,
            plan,
            Results(path),
            common(recipe, split, examples, plan),
        )
        run.measure()
        return run

    return measure


@pytest.fixture(scope="session")
def measured(tiny_run, int8_files, joint_files, tmp_path_factory):
    """(path, run) of one run over two artifacts."""
    path = tmp_path_factory.mktemp("bench") / "results.jsonl"
    return path, tiny_run([int8_files.onnx, joint_files.onnx], path)
