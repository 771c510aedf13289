"""The checkpoint that a file is held to, and the texts that both are asked."""

from __future__ import annotations

from pathlib import Path

from edgetext.artifacts.export import one_tower
from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.data.texts import read_texts
from edgetext.model.contract import Metadata
from edgetext.model.model import Model
from edgetext.predictor import Predictor
from edgetext.starter.starter import guess_for
from edgetext.targets.catalog import is_checkpoint
from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.tasks.task import check_texts, task_of

CHECKPOINT = ".pt"
# A file of texts without labels, a text a line.
UNLABELED = ".txt"


def checkpoint_of(predictor: Predictor, against: Path | None) -> Path:
    """Give the checkpoint that a file is held to: `against`, or the one beside the file that it was
    made of, which a checkpoint is itself.

    EdgetextError where there is none beside it.
    """
    if against is not None:
        if not is_checkpoint(against):
            raise EdgetextError(f"--against {against}: the truth is a checkpoint; give a .pt file")
        return against
    file = predictor.path
    if is_checkpoint(file):
        return file
    digest = str(predictor.metadata.fields["checkpoint_sha256"])
    # The likeliest first, since a teacher takes a while to read.
    beside = sorted(
        file.parent.glob(f"*{CHECKPOINT}"), key=lambda path: (path.stem != file.stem, path.name)
    )
    for path in beside:
        if sha256(path) == digest:
            return path
    raise EdgetextError(
        f"{file}: the checkpoint that it was made of (SHA-256 {digest[:12]}…) is not beside it; "
        "give it with --against CHECKPOINT"
    )


def opened_checkpoint(path: Path, task: str) -> PyTorchSession:
    """Open a checkpoint to answer a task: its own, or that of one of its towers.

    EdgetextError where it cannot be read.
    """
    model = Model.load(path)
    if task != model.header.task and task in model.learner.embeds.values():
        model = one_tower(model)
    return PyTorchSession(model)


def check_same_labels(checkpoint: Path, truth: Metadata, predictor: Predictor) -> None:
    """EdgetextError where a file answers another task than the checkpoint, or other labels."""
    other = predictor.metadata
    differing = {"task": truth.task != other.task, "labels": truth.labels != other.labels}
    for what, differs in differing.items():
        if differs:
            raise EdgetextError(
                f"{predictor.path}: its {what} and those of {checkpoint} are not the same, so that "
                "their answers do not compare; give the checkpoint that it was made of"
            )


def given_texts(path: Path, task: str, inputs: int) -> list[tuple[str, ...]]:
    """Read the texts of a file: labeled examples, whose format is guessed, or a text a line (.txt).

    EdgetextError where there is none in it, and for one text where the task reads two.
    """
    if path.suffix == UNLABELED:
        texts = [tuple(row) for _, row in read_texts(path, inputs)]
    else:
        examples = guess_for(task, path).reader().read(path, "test")
        texts = [check_texts(task_of(task), example).texts for example in examples]
    if not texts:
        raise EdgetextError(f"{path}: there is no text in it to ask")
    return texts
