"""What is MLflow's own."""

import subprocess
import sys

import pytest
from manifests import manifest_of

from edgetext.core.errors import EdgetextError
from edgetext.publishing.repository import open_repository

ONE, TWO = manifest_of(b"one"), manifest_of(b"two", created="2026-01-02T00:00:00.000+00:00")


def client(repository):
    import mlflow

    uri = repository.address.removeprefix("mlflow:")
    return mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)


def test_stages_are_aliases_that_its_own_clients_read(mlflow_repository):
    mlflow_repository.add(ONE, b"one", None)
    mlflow_repository.stage("trips", "production", ONE.version)
    version = client(mlflow_repository).get_model_version_by_alias("trips", "production")
    assert version.tags["edgetext_sha256"] == ONE.version
    assert version.description == "trips.onnx, published by edgetext 0"


def test_an_alias_that_another_client_moved_counts_and_is_gone_back_from(mlflow_repository):
    for manifest, content in ((ONE, b"one"), (TWO, b"two")):
        mlflow_repository.add(manifest, content, None)
    mlflow_repository.stage("trips", "production", ONE.version)
    client(mlflow_repository).set_registered_model_alias("trips", "production", "2")
    assert mlflow_repository.current("trips", "production") == TWO.version
    assert mlflow_repository.rollback("trips", "production") == (TWO.version, ONE.version)
    version = client(mlflow_repository).get_model_version_by_alias("trips", "production")
    assert version.tags["edgetext_sha256"] == ONE.version


def test_models_of_other_programs_are_left_alone(mlflow_repository):
    client(mlflow_repository).create_registered_model("others")
    assert mlflow_repository.names() == []
    with pytest.raises(EdgetextError, match="there is no repository"):
        mlflow_repository.check_model("others")


def test_a_registry_that_cannot_be_reached_is_one_sentence(mlflow_folder):
    with pytest.raises(EdgetextError, match="MLflow's registry cannot be read or written"):
        open_repository("mlflow:nothing://a").names()


def test_its_address_must_be_there():
    with pytest.raises(EdgetextError, match="the registry's address is missing"):
        open_repository("mlflow:")


def test_the_extra_is_named_where_it_is_missing():
    program = (
        "import sys; sys.modules['mlflow'] = None\n"
        "from edgetext.cli import main; sys.exit(main(['models', 'list', 'mlflow:sqlite:///a']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2 and "pip install 'edgetext[mlflow]'" in done.stderr
    assert done.stderr.count("\n") == 1
