"""What every kind of repository does."""

import pytest
from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing.reference import Reference

CONTENTS = [b"one", b"two", b"three"]


def fill(repository, name="trips"):
    """Three versions of a model, the oldest first."""
    manifests = [
        manifest_of(content, name, f"2026-01-0{day}T00:00:00.000+00:00", card=f"{name}.md")
        for day, content in enumerate(CONTENTS, 1)
    ]
    for manifest, content in zip(manifests, CONTENTS, strict=True):
        repository.add(manifest, content, b"# a card")
    return manifests


def ref(repository, word="", name="trips"):
    return Reference(repository.address, name, word)


def test_from_publishing_to_rollback(repository):
    assert repository.names() == []
    manifests = fill(repository)
    one, two, three = (manifest.version for manifest in manifests)
    assert repository.names() == ["trips"]
    assert repository.manifests("trips") == manifests
    assert repository.manifest("trips", two) == manifests[1]
    assert repository.manifest("trips", "0" * 64) is None
    assert repository.content(manifests[2]) == b"three"
    assert repository.card(manifests[2]) == b"# a card"
    assert repository.stages("trips") == [] and repository.current("trips", "production") == ""

    assert repository.stage("trips", "production", one)
    assert not repository.stage("trips", "production", one)
    assert repository.stage("trips", "production", two)
    assert repository.stage("trips", "production", three)
    assert repository.stage("trips", "staging", three)
    assert repository.stages("trips") == ["production", "staging"]
    assert repository.rollback("trips", "production") == (three, two)
    assert repository.rollback("trips", "production") == (two, one)
    assert repository.current("trips", "production") == one
    with pytest.raises(EdgetextError, match="no version before"):
        repository.rollback("trips", "production")
    events = list(repository.journal("trips", "production").values())
    assert [(event.action, event.before, event.version) for event in events] == [
        ("stage", "", one),
        ("stage", one, two),
        ("stage", two, three),
        ("rollback", three, two),
        ("rollback", two, one),
    ]


def test_references_are_resolved_or_the_choices_are_said(repository):
    one, two, three = fill(repository)
    repository.stage("trips", "production", two.version)
    assert repository.resolve(ref(repository, "production")) == two
    assert repository.resolve(ref(repository, one.version[:8])) == one
    assert repository.resolve(ref(repository)) == three
    with pytest.raises(EdgetextError, match=r"there are trips; did you mean trips\?"):
        repository.resolve(ref(repository, "production", "trip"))
    with pytest.raises(EdgetextError, match="has the stages production; did you mean production"):
        repository.resolve(ref(repository, "productoin"))
    with pytest.raises(EdgetextError, match=one.version[:12]):
        repository.resolve(ref(repository, "00000000"))


def test_an_empty_repository_is_said(repository):
    with pytest.raises(EdgetextError, match="models publish"):
        repository.resolve(ref(repository, "production"))


def test_signatures_stand_beside_a_version(repository):
    one, two, _ = fill(repository)
    repository.add_signature("trips", one.version, "0a", b"{}")
    repository.add_signature("trips", one.version, "0b", b"[]")
    assert repository.signatures("trips", one.version) == {"0a": b"{}", "0b": b"[]"}
    assert repository.signatures("trips", two.version) == {}


def test_a_removed_version_is_gone_and_may_come_again(repository):
    one, two, three = fill(repository)
    repository.add_signature("trips", one.version, "0a", b"{}")
    repository.remove(one)
    assert repository.manifests("trips") == [two, three]
    with pytest.raises(EdgetextError, match="not there"):
        repository.content(one)
    repository.add(one, b"one", None)
    assert repository.manifest("trips", one.version) == one
    assert repository.signatures("trips", one.version) == {}


def test_a_version_that_is_staged_is_not_removed(repository):
    one, _, _ = fill(repository)
    repository.stage("trips", "production", one.version)
    repository.remove(one)
    assert repository.manifest("trips", one.version) == one
    assert repository.content(one) == b"one"


def test_a_version_that_is_not_there_is_not_staged(repository):
    one, two, _ = fill(repository)
    repository.stage("trips", "production", two.version)
    repository.remove(one)
    with pytest.raises(EdgetextError, match="pruned"):
        repository.stage("trips", "production", one.version)
    assert repository.current("trips", "production") == two.version
    assert len(repository.journal("trips", "production")) == 1


def test_a_rollback_passes_over_what_was_pruned(repository):
    one, two, three = (manifest.version for manifest in fill(repository))
    for version in (one, two, three):
        repository.stage("trips", "production", version)
    repository.remove(repository.manifest("trips", two))
    assert repository.rollback("trips", "production") == (three, one)


def test_models_do_not_see_each_other(repository):
    fill(repository)
    hotels = fill(repository, "hotels")
    repository.stage("hotels", "production", hotels[0].version)
    assert repository.names() == ["hotels", "trips"]
    assert repository.stages("trips") == []
    assert [manifest.name for manifest in repository.manifests("trips")] == ["trips"] * 3
