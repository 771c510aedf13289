"""KServe: a container that is pinned and not root, and manifests by KServe's own models."""

import re

import pytest
import yaml

from edgetext.model.contract import METADATA
from edgetext.predictor import load
from edgetext.targets.services.pinned import requirements

MANIFESTS = ["inference_service.yaml", "inference_service_storage.yaml"]


@pytest.fixture
def folder(folder_of, joint_files):
    return folder_of("kserve", joint_files.onnx)


def container(folder, name):
    (one,) = yaml.safe_load((folder / name).read_text())["spec"]["predictor"]["containers"]
    return one


def test_the_container(folder, joint_files):
    text = (folder / "Containerfile").read_text()
    assert re.search(r"^FROM docker.io/library/python:3\.11\.\d+-slim-bookworm$", text, re.M)
    assert re.search(r"^USER (?!0)\d+:\d+$", text, re.M)
    assert "HEALTHCHECK" in text and "/v2/health/ready" in text
    name = load(joint_files.onnx).metadata.name
    assert f'"/srv/models/{joint_files.onnx.name}={name}"' in text
    assert "@" not in text
    copied = folder / "models" / joint_files.onnx.name
    assert copied.read_bytes() == joint_files.onnx.read_bytes()
    assert METADATA.encode() in copied.read_bytes()


def test_what_it_installs_is_pinned_and_has_no_pytorch(folder):
    lines = (folder / "requirements.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[a-z0-9._-]+==[\w.]+", line) for line in lines)
    names = {line.partition("==")[0] for line in lines}
    assert {"edgetext", "numpy", "onnxruntime", "uvicorn", "h11", "pydantic-core"} <= names
    assert not names & {"torch", "onnx", "executorch"}


def test_a_package_that_is_not_here_stands_with_what_is_asked_of_it():
    assert b"\nno-such-package-at-all\n" in requirements("no-such-package-at-all")


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest(folder, name, joint_files):
    one = container(folder, name)
    place = "/mnt/models" if "storage" in name else "/srv/models"
    assert one["args"][0].startswith(f"{place}/{joint_files.onnx.name}=")
    assert one["readinessProbe"]["httpGet"]["path"] == "/v2/health/ready"
    assert one["securityContext"]["runAsNonRoot"] is True
    variables = [variable["name"] for variable in one.get("env", ())]
    assert variables == (["STORAGE_URI"] if "storage" in name else [])


def test_the_server_takes_the_arguments(folder, joint_files):
    """What the container runs is a command line of this `edgetext serve`."""
    from click import Context

    from edgetext.cli import cli

    command = cli.get_command(Context(cli), "serve")
    given = container(folder, MANIFESTS[0])["args"]
    parameters = command.make_context("serve", list(given)).params
    assert parameters["host"] == "0.0.0.0" and parameters["port"] == 8080


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_has_only_fields_that_kserve_knows(folder, name):
    models = pytest.importorskip("kserve.models", reason="kserve is not installed")
    kubernetes = pytest.importorskip("kubernetes.client", reason="kubernetes is not installed")

    def check(value, kind):
        listed = re.fullmatch(r"list\[(.*)\]", kind)
        if listed:
            for item in value:
                check(item, listed[1])
            return
        model = getattr(models, kind, None) or getattr(kubernetes, kind, None)
        if model is None:
            return
        types = {model.attribute_map[key]: each for key, each in model.openapi_types.items()}
        assert set(value) <= set(types), kind
        for field, item in value.items():
            check(item, types[field])

    manifest = yaml.safe_load((folder / name).read_text())
    assert (manifest["apiVersion"], manifest["kind"]) == (
        "serving.kserve.io/v1beta1",
        "InferenceService",
    )
    check(manifest, "V1beta1InferenceService")
    with pytest.raises(AssertionError):
        check({**manifest, "spec": {"predictors": {}}}, "V1beta1InferenceService")
