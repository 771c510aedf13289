"""Several publishers at once, and publishers that are killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from edgetext.publishing.fetching import checked_content
from edgetext.publishing.reference import Reference
from edgetext.publishing.repository import open_repository

HELPERS = Path(__file__).parents[1] / "helpers"


def run(script, *arguments):
    command = [sys.executable, HELPERS / script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out.split()


@pytest.mark.parametrize(
    ("kind", "least"), [pytest.param("folder", 40, marks=pytest.mark.slow), ("objects", 15)]
)
def test_a_publisher_that_is_killed_at_any_step_disturbs_nobody(tmp_path, kind, least):
    (steps,) = ended(run("killed_publisher.py", kind, tmp_path))
    assert int(steps) >= least


def check_all_is_there(address, processes):
    """No event of the publishers is lost, each one's stand in its order, and all contents fit."""
    staged = [ended(process) for process in processes]
    repository = open_repository(address)
    journal = [event.version for event in repository.journal("trips", "production").values()]
    # Who stages what is staged already writes nothing.
    assert set(journal) == {version for each in staged for version in each}
    assert len(journal) <= sum(map(len, staged))
    for each in staged:
        own = [version for version in each if sum(version in other for other in staged) == 1]
        assert [version for version in journal if version in own] == own
    assert repository.current("trips", "production") == journal[-1]
    manifests = repository.manifests("trips")
    assert {manifest.version for manifest in manifests} == set(journal)
    for manifest in manifests:
        checked_content(repository, manifest)


def test_publishers_at_once_lose_nothing_in_a_folder(tmp_path):
    address = str(tmp_path / "models")
    check_all_is_there(address, [run("busy_publisher.py", address, x, 25) for x in "abc"])


@pytest.mark.slow
def test_publishers_at_once_lose_nothing_in_an_object_store(s3_bucket, tmp_path):
    address = f"s3://{s3_bucket}/{tmp_path.name}"
    check_all_is_there(address, [run("busy_publisher.py", address, x, 8) for x in "ab"])


@pytest.mark.slow
def test_publishers_at_once_lose_nothing_in_mlflow(mlflow_repository):
    address = mlflow_repository.address
    check_all_is_there(address, [run("busy_publisher.py", address, x, 2) for x in "ab"])


def test_a_stage_never_ends_at_a_version_that_was_pruned(tmp_path):
    address = str(tmp_path / "models")
    processes = [run("busy_publisher.py", address, x, 25, "prune") for x in "ab"]
    for process in processes:
        ended(process)
    repository = open_repository(address)
    checked_content(repository, repository.resolve(Reference(address, "trips", "production")))
