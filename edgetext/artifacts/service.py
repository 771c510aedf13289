"""`export --target ray` and the like: a folder for another program, around one file."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.artifacts.export import export
from edgetext.core.errors import EdgetextError
from edgetext.core.files import atomic_folder, read_bytes
from edgetext.model.model import Model
from edgetext.predictor import Predictor, load
from edgetext.targets import catalog
from edgetext.targets.services.service import MARK, ONNX, Served, Service


@dataclass(frozen=True, slots=True)
class ServiceFolder:
    """A folder that was written, and the command that runs what is in it."""

    folder: Path
    next_step: str


def export_service(
    source: Path, service: Service, output: Path | None = None, *, batch: bool = False
) -> ServiceFolder:
    """Write the folder NAME-SERVICE of a checkpoint or of an exported file.

    A checkpoint is exported for it, so that its file answers the golden examples; a file is taken
    as it is. output: the folder's path; by default beside the model. batch: of a checkpoint, a
    batch file. EdgetextError for another kind of file, and where there is something else than such
    a folder.
    """
    folder = output or source.with_name(f"{source.stem}-{service.name}")
    if folder.exists() and not (folder / MARK).is_file():
        raise EdgetextError(
            f"{folder}: there is something that `export --target {service.name}` did not write; "
            "move it away, or give another name by -o"
        )
    served = _served(source, batch)
    with atomic_folder(folder) as temporary:
        for name, content in {**service.files(served), MARK: b""}.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return ServiceFolder(folder, service.next_step.format(folder=shlex.quote(str(folder))))


def _served(source: Path, batch: bool) -> Served:
    """The file and what it says of itself."""
    if catalog.is_checkpoint(source):
        with tempfile.TemporaryDirectory() as folder:
            exported = export(Model.load(source), "server", Path(folder), batch=batch)
            return _of_file(exported.files[0], load(exported.files[0]))
    if source.suffix != ONNX:
        raise EdgetextError(f"{source}: give a checkpoint (.pt) or an {ONNX} file")
    if batch:
        raise EdgetextError(f"{source}: --batch is for checkpoints; this file is what it is")
    return _of_file(source, load(source))


def _of_file(path: Path, predictor: Predictor) -> Served:
    return Served(path.stem, read_bytes(path), predictor.metadata)


def check_alone(service: Service, others: Sequence[str]) -> None:
    """EdgetextError where options of other targets were given; others: their names."""
    if others:
        raise EdgetextError(
            f"--target {service.name} writes a folder around one file; leave out "
            f"{catalog.in_words(others, 'and')}"
        )
