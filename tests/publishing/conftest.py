"""Repositories without files of models: contents are any bytes."""

import uuid

import pytest

from edgetext.publishing.repository import open_repository


@pytest.fixture(params=["folder", "memory", "s3", "mlflow"])
def repository(request, tmp_path):
    """One of each kind; those of libraries that are no part of `dev` where these are installed."""
    if request.param == "folder":
        return open_repository(str(tmp_path / "models"))
    if request.param == "memory":
        return open_repository(f"memory://{uuid.uuid4().hex}/models")
    if request.param == "s3":
        bucket = request.getfixturevalue("s3_bucket")
        return open_repository(f"s3://{bucket}/{uuid.uuid4().hex}")
    return request.getfixturevalue("mlflow_repository")


@pytest.fixture(scope="session")
def s3_server():
    """The address of moto's server of S3."""
    pytest.importorskip("s3fs", reason="an object store needs s3fs")
    server = pytest.importorskip("moto.server", reason="a store to test with needs moto[server]")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(variable, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        running.start()
        host, port = running.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        yield f"http://{host}:{port}"
        running.stop()


@pytest.fixture(scope="session")
def s3_bucket(s3_server):
    """A bucket in it."""
    import s3fs

    s3fs.S3FileSystem(use_listings_cache=False).mkdir("published")
    return "published"


@pytest.fixture(scope="session")
def mlflow_folder(tmp_path_factory):
    """A folder for MLflow's databases, whose tables take seconds to make."""
    pytest.importorskip("mlflow", reason="a registry needs MLflow")
    return tmp_path_factory.mktemp("mlflow")


@pytest.fixture
def mlflow_repository(mlflow_folder, tmp_path, monkeypatch):
    """A registry without a model."""
    import shutil

    empty = mlflow_folder / "empty.db"
    # MLflow puts artifacts into the current folder.
    monkeypatch.chdir(tmp_path)
    if not empty.exists():
        open_repository(f"mlflow:sqlite:///{empty}").names()
    shutil.copy(empty, tmp_path / "registry.db")
    return open_repository(f"mlflow:sqlite:///{tmp_path}/registry.db")
