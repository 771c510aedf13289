"""`edgetext models`, from publishing to a rollback, and what it refuses."""

import json
import shutil

import pytest

from edgetext.cli import main


@pytest.fixture
def run(capfd):
    """run(arguments) -> what is printed."""

    def command(*arguments):
        capfd.readouterr()
        status = main(["models", *map(str, arguments)])
        captured = capfd.readouterr()
        assert status == 0, captured.err
        return captured.out

    return command


@pytest.fixture
def address(tmp_path):
    return str(tmp_path / "models")


@pytest.fixture
def published(run, address, classify_files, batch_files):
    """A repository with two versions of `trips`; production is at the second."""
    for file in (classify_files.onnx, batch_files.classify):
        run("publish", file, "--to", address, "--name", "trips", "--stage", "staging")
        run("stage", f"{address}#trips@staging", "production")
    return address


def shown(run, address):
    return json.loads(run("list", address, "--json"))["trips"]


def test_from_publishing_to_a_rollback(run, published, classify_files, tmp_path):
    fields = shown(run, published)
    one, two = (version["version"] for version in fields["versions"])
    assert fields["stages"]["production"]["version"] == two
    assert run("rollback", f"{published}#trips@production").endswith(f"{two[:12]} -> {one[:12]}\n")
    fields = shown(run, published)
    assert fields["stages"]["production"]["version"] == one
    history = [event["action"] for event in fields["stages"]["production"]["history"]]
    assert history == ["stage", "stage", "rollback"]
    lines = run("list", f"{published}#trips").splitlines()
    assert [line.split()[0] for line in lines[1:]] == [f"trips@{one[:12]}", f"trips@{two[:12]}"]
    assert lines[1].endswith("production") and lines[2].endswith("staging")
    run("fetch", f"{published}#trips@production", "-o", tmp_path / "here")
    assert (tmp_path / "here/trips.onnx").read_bytes() == classify_files.onnx.read_bytes()
    assert run("verify", published).count("its bytes are right") == 2
    assert "already" in run("stage", f"{published}#trips@{one[:8]}", "production")
    assert "0 versions" in run("prune", f"{published}#trips", "--keep", "1", "--dry-run")


def test_the_same_content_is_said(run, published, batch_files):
    said = run("publish", batch_files.classify, "--to", published, "--name", "trips")
    assert "has this content already" in said
    assert len(shown(run, published)["versions"]) == 2


def test_pruning_says_what_goes(run, published, tag_files, joint_files):
    for file in (tag_files.onnx, joint_files.onnx):
        run("publish", file, "--to", published, "--name", "trips", "--stage", "production")
    run("stage", f"{published}#trips@production", "staging")
    would = run("prune", f"{published}#trips", "--keep", "1", "--dry-run")
    one = shown(run, published)["versions"][0]["version"]
    assert f"trips@{one[:12]}: would go" in would
    assert len(shown(run, published)["versions"]) == 4
    assert f"trips@{one[:12]}: gone" in run("prune", f"{published}#trips", "--keep", "1")
    assert len(shown(run, published)["versions"]) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "{address}-none"], "there is no repository"),
        (["list", "{address}#trip"], "did you mean trips?"),
        (["fetch", "{address}#trips@live", "-o", "{address}-x"], "has the stages production, st"),
        (["fetch", "{address}#trips@000000", "-o", "{address}-x"], "the newest are"),
        (["fetch", "{address}#trips", "-o", "{address}-x"], "REPOSITORY#NAME@STAGE"),
        (["stage", "{address}#trips@staging", "Live"], "neither a version"),
        (["stage", "{address}#trips@staging", "facade"], "neither a version"),
        (["rollback", "{address}#trips@00000000"], "this is a version"),
        (["rollback", "{address}#trips@none"], "has the stages"),
        (["prune", "{address}"], "REPOSITORY#NAME"),
        (["list", "nothing://a"], "no address of a repository"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(refused, published, words, said):
    assert said in refused("models", *[word.format(address=published) for word in words])


def test_bad_files_publish_nothing(refused, address, classify_files, tmp_path):
    text, cut = tmp_path / "notes.txt", tmp_path / "cut.onnx"
    text.write_text("no model")
    cut.write_bytes(classify_files.onnx.read_bytes()[:-5])
    assert "not a model that edgetext knows" in refused("models", "publish", text, "--to", address)
    # One of several is enough, wherever it stands.
    refused("models", "publish", classify_files.onnx, cut, "--to", address)
    assert "no such file" in refused("models", "publish", tmp_path / "a.onnx", "--to", address)
    assert "--name" in refused(
        "models", "publish", classify_files.onnx, classify_files.onnx, "--to", address
    )
    assert "--stage" in refused(
        "models", "publish", classify_files.onnx, "--to", address, "--stage", "a b"
    )


def test_a_version_that_was_changed_is_refused(refused, run, published, tmp_path):
    one = shown(run, published)["versions"][0]["version"]
    (path,) = (tmp_path / "models/trips/versions" / one).rglob("trips.onnx")
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    for words in (
        ["verify", published],
        ["fetch", f"{published}#trips@{one}", "-o", tmp_path / "x"],
    ):
        assert "is not the one that its manifest names" in refused("models", *words)


def test_all_that_is_damaged_is_said_and_the_rest_goes_on(run, published, tmp_path, capfd):
    one, two = (version["version"] for version in shown(run, published)["versions"])
    folder = tmp_path / "models/trips"

    def said(*words):
        assert main(["models", *words]) == 2
        captured = capfd.readouterr()
        return captured.out, captured.err.splitlines()

    (manifest,) = (folder / "versions" / one).rglob("manifest.json")
    manifest.write_text("{}")
    output, errors = said("verify", published)
    assert output == f"trips@{two[:12]}: its bytes are right\n"
    assert len(errors) == 1 and str(manifest) in errors[0]
    (event, *_) = (folder / "stages/staging").glob("*.json")
    event.write_text("{")
    output, errors = said("list", published)
    assert two[:12] in output and one[:12] not in output and "production" in output
    assert [str(path) in line for path, line in zip((manifest, event), errors, strict=True)]
    assert all(line.startswith("edgetext: error: ") for line in errors)
    fields = json.loads(said("list", published, "--json")[0])["trips"]
    assert [version["version"] for version in fields["versions"]] == [two]
    assert list(fields["stages"]) == ["production"]
    assert len(fields["damaged"]) == 2 and "manifest is damaged" in fields["damaged"][0]


def test_what_is_damaged_beside_it_stops_nobody(run, published, tmp_path):
    one, two = (version["version"] for version in shown(run, published)["versions"])
    folder = tmp_path / "models/trips"
    run("stage", f"{published}#trips@{one[:8]}", "next")
    run("stage", f"{published}#trips@{two[:8]}", "next")
    (manifest,) = (folder / "versions" / two).rglob("manifest.json")
    manifest.write_text("{}")
    run("stage", f"{published}#trips@{one[:8]}", "other")
    run("fetch", f"{published}#trips@{one[:8]}", "-o", tmp_path / "x")
    run("rollback", f"{published}#trips@next")
    run("verify", f"{published}#trips@next")


def test_keys_and_signatures(refused, run, published, tmp_path):
    pytest.importorskip("cryptography", reason="signatures need cryptography")
    key, public = tmp_path / "k.pem", tmp_path / "k.pub.pem"
    run("new-key", "-o", key)
    assert key.stat().st_mode & 0o777 == 0o600
    assert "exists" in refused("models", "new-key", "-o", key)
    fetching = ["fetch", f"{published}#trips@production", "--trusted-key", public, "-o"]
    assert "has signed it" in refused("models", *fetching, tmp_path / "x")
    run("sign", f"{published}#trips@production", "--key", key)
    run(*fetching, tmp_path / "x")
    assert len(shown(run, published)["versions"][1]["signed_by"]) == 1
    file = tmp_path / "x/trips.onnx"
    assert main(["verify", str(file), "--public-key", str(public)]) == 0
    renamed = shutil.copytree(tmp_path / "x", tmp_path / "y") / "hotels.onnx"
    for path in sorted(renamed.parent.iterdir()):
        path.rename(path.with_name(path.name.replace("trips", "hotels")))
    assert "not of this file and name" in refused("verify", renamed, "--public-key", public)
    for path in file.parent.glob("*.sig"):
        path.unlink()
    assert "it has none" in refused("verify", file, "--public-key", public)
    assert "no private key" in refused(
        "models", "sign", f"{published}#trips@staging", "--key", public
    )


def test_a_signed_publication(run, address, classify_files, tmp_path):
    pytest.importorskip("cryptography", reason="signatures need cryptography")
    run("new-key", "-o", tmp_path / "k.pem")
    run("publish", classify_files.onnx, "--to", address, "--sign", tmp_path / "k.pem")
    said = run("verify", address, "--trusted-key", tmp_path / "k.pub.pem")
    assert said.endswith("signed by a trusted key\n")


def test_the_extra_is_named_where_it_is_missing(refused, tmp_path, monkeypatch):
    import importlib.util

    before = importlib.util.find_spec

    def without(name, *rest):
        return None if name == "cryptography" else before(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    assert "pip install 'edgetext[sign]'" in refused("models", "new-key", "-o", tmp_path / "k.pem")
