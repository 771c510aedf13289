"""What a search is, and whether a folder holds it."""

import json
from dataclasses import replace

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.search.job import PLAN, Job, prepared
from edgetext.search.limits import Limits


@pytest.fixture
def job(teacher, tmp_path):
    return Job(teacher, Limits(drop=1.0), tmp_path / "c", "onnx", 1, None, (), None)


def other_recipe(job):
    recipe = Checkpoint.load(job.teacher).header.recipe
    return Recipe.from_dict({**recipe, "seed": 7})


def test_a_folder_holds_one_search(job):
    prepared(job)
    plan = (job.folder / PLAN).read_text()
    assert prepared(job).records.rows == []
    with pytest.raises(EdgetextError, match="holds a search with another recipe; give another"):
        prepared(replace(job, recipe=other_recipe(job)))
    with pytest.raises(EdgetextError, match="holds a search with other limits"):
        prepared(replace(job, limits=Limits(drop=2.0)))
    assert (job.folder / PLAN).read_text() == plan


def test_a_search_of_an_earlier_release_goes_on(job):
    prepared(job)
    path = job.folder / PLAN
    plan = json.loads(path.read_text())
    recipe = plan.pop("recipe")
    path.write_text(json.dumps(plan))  # which did not say its recipe
    prepared(job)
    del recipe["sampling_temperature"]  # a field that came later
    path.write_text(json.dumps({**plan, "recipe": recipe}))
    prepared(job)


def test_a_calibrated_teacher_is_refused(job, tmp_path):
    """A student would lose its calibration, and a network that is cut down keep it."""
    path = tmp_path / "calibrated.pt"
    Model.load(job.teacher).with_header(calibration={"temperature": 2.0}).save(path)
    with pytest.raises(EdgetextError, match="is calibrated; give the checkpoint that it was made"):
        prepared(replace(job, teacher=path))
    assert not job.folder.exists()


def test_other_files_are_left_alone(job):
    job.folder.mkdir()
    (job.folder / "letter.txt").write_text("dear")
    with pytest.raises(EdgetextError, match="there are other files in it"):
        prepared(job)
    assert [path.name for path in job.folder.iterdir()] == ["letter.txt"]
