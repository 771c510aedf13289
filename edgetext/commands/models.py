"""`edgetext models`: a repository of versions, and stages that point at them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from edgetext.publishing.overview import Overview
    from edgetext.publishing.repository import Repository

_VERSION = "REPOSITORY#NAME@VERSION"
_trusted = options.option(
    "--trusted-key",
    "trusted",
    type=options.FILE,
    multiple=True,
    metavar="PEM",
    help="A public key, one of which must have signed the version.",
)


@click.group("models")
def command() -> None:
    """Publish models, let stages point at them, and go back.

    REPOSITORY is a folder, an address that fsspec knows, as s3://bucket/prefix, or an MLflow
    registry, as mlflow:http://host:5000. A version is REPOSITORY#NAME@VERSION, with the first
    digits of its SHA-256, or with a stage in their place.
    """


@command.command("publish")
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@options.option("--to", "address", required=True, metavar="REPOSITORY", help="Where to.")
@options.option("--name", help="The model's name.  [default: the one in the file]")
@options.option("--stage", help="Let this stage point at the version, as staging.")
@options.option("--sign", "key", type=options.FILE, metavar="PEM", help="Sign with a private key.")
def publish_command(
    files: tuple[Path, ...], address: str, name: str | None, stage: str | None, key: Path | None
) -> None:
    """Put FILES (.onnx, .ort, .pte, .pt) into a repository, each a version of its model.

    A version is the SHA-256 of a file, whose golden examples are replayed first; NAME.md beside it
    goes with it. What is there already is said, and stays.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.publishing.publish import candidate, publish
    from edgetext.publishing.reference import check_name, check_stage, short
    from edgetext.publishing.repository import open_repository

    if stage is not None:
        check_stage(stage, "--stage")
    if name is not None:
        check_name(name, "--name")
    signer = None if key is None else _private_key(key)
    repository = open_repository(address)
    candidates = [candidate(file, name) for file in files]
    names = [each.manifest.name for each in candidates]
    double = next((each for each in candidates if names.count(each.manifest.name) > 1), None)
    if double is not None:
        raise EdgetextError(
            f"{double.path}: another of the files is called {double.manifest.name} as well; "
            "publish them one after the other, with --name"
        )
    for each in candidates:
        new = publish(repository, each, stage, signer)
        reference = f"{address}#{each.manifest.name}@{short(each.manifest.version)}"
        done = "published" if new else "has this content already"
        click.echo(f"{each.path}: {reference} {done}" + (f", {stage}" if stage else ""))


@command.command("list")
@click.argument("address", metavar="REPOSITORY[#NAME]")
@options.as_json("Print manifests, signers and the history of each stage as JSON.")
def list_command(address: str, as_json: bool) -> None:
    """List models, their versions, when they were published, and which stage is where."""
    from edgetext.core.tables import aligned
    from edgetext.publishing.overview import overview
    from edgetext.publishing.reference import read_reference, short
    from edgetext.publishing.repository import open_repository

    reference = read_reference(address, needs_ref=False) if "#" in address else None
    repository = open_repository(reference.repository if reference else address)
    repository.check_model(reference.name if reference else None)
    names = [reference.name] if reference else repository.names()
    views = {name: overview(repository, name) for name in names}
    if as_json:
        import json

        shown = {name: _as_json(repository, name, view) for name, view in views.items()}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        rows = [
            [
                f"{name}@{short(one.version)}",
                f"{one.task} {one.variant}",
                f"{one.size:,}",
                one.created[:16].replace("T", " "),
                ", ".join(x for x in view.journals if view.current(x) == one.version),
            ]
            for name, view in views.items()
            for one in view.manifests
        ]
        click.echo(aligned(["version", "task", "bytes", "published (UTC)", "stages"], rows))
    _raise_all([failure for view in views.values() for failure in view.failures])


@command.command("stage")
@click.argument("version", metavar=_VERSION)
@click.argument("stage")
def stage_command(version: str, stage: str) -> None:
    """Let STAGE point at a version, which another stage may name: REPOSITORY#NAME@staging."""
    from edgetext.publishing.reference import check_stage, read_reference, short
    from edgetext.publishing.repository import open_repository

    check_stage(stage, stage)
    reference = read_reference(version)
    repository = open_repository(reference.repository)
    manifest = repository.resolve(reference)
    before = repository.current(manifest.name, stage)
    moved = repository.stage(manifest.name, stage, manifest.version)
    said = f"{reference.repository}#{manifest.name}@{stage}"
    if not moved:
        click.echo(f"{said}: it is {short(manifest.version)} already")
        return
    click.echo(f"{said}: {short(before) or 'nothing'} -> {short(manifest.version)}")


@command.command("rollback")
@click.argument("stage", metavar="REPOSITORY#NAME@STAGE")
def rollback_command(stage: str) -> None:
    """Let a stage point at the version before; its history is kept."""
    from edgetext.core.errors import EdgetextError
    from edgetext.publishing.reference import read_reference, short
    from edgetext.publishing.repository import open_repository

    reference = read_reference(stage)
    if reference.is_version:
        raise EdgetextError(f"{stage}: this is a version, which stays as it is; name a stage")
    repository = open_repository(reference.repository)
    repository.staged(reference)
    before, version = repository.rollback(reference.name, reference.ref)
    click.echo(f"{stage}: {short(before)} -> {short(version)}")


@command.command("fetch")
@click.argument("version", metavar=_VERSION)
@options.output("The folder to write into.", options.WRITTEN_FOLDER, required=True)
@_trusted
def fetch_command(version: str, output: Path, trusted: tuple[Path, ...]) -> None:
    """Write a version's file, when its bytes are the published ones, its card and signatures."""
    from edgetext.publishing.fetching import fetch
    from edgetext.publishing.reference import read_reference
    from edgetext.publishing.repository import open_repository
    from edgetext.publishing.signing import trusted_key

    reference = read_reference(version)
    keys = list(map(trusted_key, trusted))
    repository = open_repository(reference.repository)
    for path in fetch(repository, repository.resolve(reference), output, keys):
        click.echo(f"wrote {path}")


@command.command("verify")
@click.argument("address", metavar="REPOSITORY[#NAME[@VERSION]]")
@_trusted
def verify_command(address: str, trusted: tuple[Path, ...]) -> None:
    """Read each version's file and hold it to its manifest and, where asked, to its signature."""
    from edgetext.core.errors import EdgetextError
    from edgetext.publishing.fetching import checked_content
    from edgetext.publishing.overview import overview
    from edgetext.publishing.reference import read_reference, short
    from edgetext.publishing.repository import open_repository
    from edgetext.publishing.signing import trusted_key

    reference = read_reference(address, needs_ref=False) if "#" in address else None
    keys = list(map(trusted_key, trusted))
    repository = open_repository(reference.repository if reference else address)
    repository.check_model(reference.name if reference else None)
    failures: list[Exception] = []
    if reference is not None and reference.ref:
        manifests = [repository.resolve(reference)]
    else:
        names = [reference.name] if reference else repository.names()
        views = [overview(repository, name) for name in names]
        manifests = [manifest for view in views for manifest in view.manifests]
        failures += [failure for view in views for failure in view.failures]
    for manifest in manifests:
        try:
            checked_content(repository, manifest, keys)
        except EdgetextError as error:
            failures.append(error)
            continue
        signed = ", signed by a trusted key" if keys else ""
        click.echo(f"{manifest.name}@{short(manifest.version)}: its bytes are right{signed}")
    _raise_all(failures)


@command.command("sign")
@click.argument("version", metavar=_VERSION)
@options.option("--key", type=options.FILE, required=True, metavar="PEM", help="A private key.")
def sign_command(version: str, key: Path) -> None:
    """Put a signature beside a version, whose bytes are checked before."""
    from edgetext.publishing.fetching import checked_content
    from edgetext.publishing.reference import read_reference, short
    from edgetext.publishing.repository import open_repository
    from edgetext.publishing.signing import sign

    reference = read_reference(version)
    signer = _private_key(key)
    repository = open_repository(reference.repository)
    manifest = repository.resolve(reference)
    checked_content(repository, manifest)
    key_id, signature = sign(signer, manifest.name, manifest.version)
    repository.add_signature(manifest.name, manifest.version, key_id, signature)
    click.echo(f"{manifest.name}@{short(manifest.version)}: signed by {key_id}")


@command.command("prune")
@click.argument("address", metavar="REPOSITORY#NAME")
@options.option(
    "--keep",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Versions that stay: so many of the newest, and so many before each stage's.",
)
@options.option("--dry-run", is_flag=True, help="Say what would go, and take nothing away.")
def prune_command(address: str, keep: int, dry_run: bool) -> None:
    """Take away the versions that no stage is at or would go back to."""
    from edgetext.publishing.pruning import needless, prune
    from edgetext.publishing.reference import read_reference, short
    from edgetext.publishing.repository import open_repository

    reference = read_reference(address, needs_ref=False)
    repository = open_repository(reference.repository)
    repository.check_model(reference.name)
    way = needless if dry_run else prune
    pruned = way(repository, reference.name, keep)
    verb = "would go" if dry_run else "gone"
    for manifest in pruned:
        click.echo(f"{manifest.name}@{short(manifest.version)}: {verb}")
    click.echo(f"{len(pruned)} versions, {sum(manifest.size for manifest in pruned):,} bytes")


@command.command("new-key")
@options.output("The private key's file; the public one is NAME.pub.pem beside it.", required=True)
def new_key_command(output: Path) -> None:
    """Make a key to sign with (Ed25519): a private half, which only you may read, and a public
    one."""
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_bytes, write_private
    from edgetext.publishing.signing import new_key

    public_path = output.with_suffix(".pub.pem")
    there = next((path for path in (output, public_path) if path.exists()), None)
    if there is not None:
        raise EdgetextError(f"{there} exists; choose another name with -o")
    private, public = new_key()
    write_private(output, private)
    write_bytes(public_path, public)
    click.echo(f"wrote {output}, which stays with you, and {public_path}, to trust it by")


def _private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key, whose passphrase is asked for at the terminal where it has one."""
    from edgetext.publishing.signing import private_key

    return private_key(path, lambda: click.prompt(f"passphrase of {path}", hide_input=True))


def _raise_all(failures: Sequence[Exception]) -> None:
    """Say each failure in a line of its own, and raise the last; nothing where there is none."""
    for failure in failures[:-1]:
        click.echo(f"edgetext: error: {failure}", err=True)
    for last in failures[-1:]:
        raise last


def _as_json(repository: Repository, name: str, view: Overview) -> dict[str, Any]:
    """Give what there is of a model."""
    from dataclasses import asdict

    stages = {
        stage: {"version": view.current(stage), "history": list(map(asdict, journal.values()))}
        for stage, journal in view.journals.items()
    }
    versions = [
        {**asdict(one), "signed_by": sorted(repository.signatures(name, one.version))}
        for one in view.manifests
    ]
    return {"versions": versions, "stages": stages, "damaged": list(map(str, view.failures))}
