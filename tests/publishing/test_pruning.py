"""Which versions go."""

import pytest
from manifests import manifest_of

from edgetext.publishing.pruning import needless, prune
from edgetext.publishing.repository import open_repository


@pytest.fixture
def repository(tmp_path):
    """Eight versions, the oldest first; production went over 0, 1, 2 and 3, staging is at 5."""
    repository = open_repository(str(tmp_path / "models"))
    for number in range(8):
        content = str(number).encode()
        repository.add(manifest_of(content, created=f"2026-01-0{number + 1}"), content, None)
    for number in range(4):
        repository.stage("trips", "production", version(number))
    repository.stage("trips", "staging", version(5))
    return repository


def version(number):
    return manifest_of(str(number).encode()).version


@pytest.mark.parametrize(
    ("keep", "gone"), [(1, [0, 1, 4, 6]), (2, [0, 4]), (3, [4]), (4, []), (20, [])]
)
def test_what_stages_need_and_the_newest_stay(repository, keep, gone):
    expected = list(map(version, gone))
    assert [manifest.version for manifest in needless(repository, "trips", keep)] == expected
    assert [manifest.version for manifest in prune(repository, "trips", keep)] == expected
    left = [manifest.version for manifest in repository.manifests("trips")]
    assert left == [version(number) for number in range(8) if number not in gone]


def test_a_rollback_works_after_it(repository):
    prune(repository, "trips", 1)
    assert repository.rollback("trips", "production") == (version(3), version(2))
