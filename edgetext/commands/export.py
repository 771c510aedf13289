"""`edgetext export`: the file that goes into an app or onto a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options
from edgetext.core.collecting import collected_seldom

if TYPE_CHECKING:
    from edgetext.artifacts.export import Exported


@click.command("export")
@click.argument("models", type=options.FILE, nargs=-1)
@click.option(
    "--target",
    type=options.Choice(options.deployments),
    default="mobile",
    show_default=True,
    help="mobile: .pte (ExecuTorch with XNNPACK) and .onnx; server: .onnx; portable: .onnx for "
    "other engines, too; coreml: .mlpackage; ray, triton, kserve: a folder for that server; "
    "else one runtime.",
)
@options.output(
    "A folder, or a name ending in .onnx, .ort or .pte for that file alone.  "
    "[default: beside the model]",
    options.WRITTEN,
)
@click.option(
    "--android",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Also put the files into the assets of this Android project, as android_demo.",
)
@click.option(
    "--ort",
    is_flag=True,
    help="Also an .ort file for minimal builds of ONNX Runtime, and the operators that it needs.",
)
@click.option(
    "--embed",
    is_flag=True,
    help="One tower of a model of two (head bi_encoder): from a text to its vector, for search.",
)
@click.option(
    "--batch",
    is_flag=True,
    help="With --target server: a file NAME-batch that answers several texts in a run.",
)
@collected_seldom()
def command(
    models: tuple[Path, ...],
    output: Path | None,
    android: Path | None,
    ort: bool,
    **kind: Any,
) -> None:
    """Write each of MODELS, checkpoints, as files that read UTF-8 bytes, with a model card.

    The vocabulary, the labels and golden examples are inside. Each file is loaded in its runtime
    and must answer the golden examples before it appears. Several models of one vocabulary, as
    NAME.pt and NAME-int8.pt, take less time together. Without MODELS: the newest checkpoint of this
    folder.
    """
    from edgetext.api.export import export
    from edgetext.artifacts.export import check_android, copy_to_android
    from edgetext.model.newest import newest_checkpoint

    for folder in {model.parent for model in models} or {Path.cwd()}:
        options.beside(output or folder)
    if _export_services(models, output, android, ort, **kind):
        return
    if android is not None:
        check_android(android, kind["target"])
    if not models:
        models = (newest_checkpoint(Path.cwd()),)
        click.echo(f"newest checkpoint here: {models[0].name}")
    _check_names(models, output)
    files: list[Path] = []
    for model in models:
        exported = export(model, output, also=[".ort"] if ort else (), **kind)
        _tell(exported)
        click.echo(f"wrote {exported.card}")
        if android is not None:
            for file in copy_to_android(exported, android):
                click.echo(f"wrote {file}")
        files += exported.files
    if not exported.ran:
        return
    asked = '"..."' if exported.inputs == 1 else '--pair "..." "..."'
    click.echo(f"next: edgetext predict {options.quoted(files[0])} {asked}   or   "
               f"edgetext evaluate {' '.join(map(options.quoted, files))}")  # fmt: skip


def _export_services(
    models: Sequence[Path],
    output: Path | None,
    android: Path | None,
    ort: bool,
    target: str,
    embed: bool,
    batch: bool,
) -> bool:
    """Write a folder for a server of each model; False where the target is none of these."""
    from edgetext.targets.services.service import services

    service = services().get(target)
    if service is None:
        return False
    from edgetext.artifacts.service import check_alone, export_service

    given = {"--android": android is not None, "--ort": ort, "--embed": embed}
    check_alone(service, [name for name, is_given in given.items() if is_given])
    if not models or (output is not None and len(models) > 1):
        raise click.UsageError(f"--target {target} takes a model, and with -o one alone")
    for model in models:
        written = export_service(model, service, output, batch=batch)
        click.echo(f"wrote {written.folder}")
        click.echo(f"next: {written.next_step}")
    return True


def _tell(exported: Exported) -> None:
    """Say what was written, and whether it was run."""
    for file in exported.files:
        parts = [part for part in (file, *file.rglob("*")) if part.is_file()]
        size = f"{sum(part.stat().st_size for part in parts):,} bytes"
        if exported.ran:
            told = f"{exported.golden} golden examples answered alike"
        else:
            told = f"{exported.golden} golden examples in it that were not run"
        click.echo(f"wrote {file}  {size}, {told}")


def _check_names(models: Sequence[Path], output: Path | None) -> None:
    """Raise a UsageError where the files of two models would have one name."""
    from edgetext.targets import catalog

    if len(models) > 1 and output is not None and catalog.is_artifact(output):
        raise click.UsageError(
            f"{output}: one file cannot be that of {len(models)} models; give a folder"
        )
    places = [(model.parent if output is None else output) / model.stem for model in models]
    for index, model in enumerate(models):
        if places[index] in places[:index]:
            other = models[places.index(places[index])]
            raise click.UsageError(
                f"{other} and {model} would have files of the same name; export them apart"
            )
