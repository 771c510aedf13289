"""`import`: a folder of Hugging Face as a model of edgetext."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgetext.huggingface.architectures import architecture_of
from edgetext.huggingface.embedders import embedder, is_embedder
from edgetext.huggingface.folder import CONFIG, check_tokenizer, find_folder, read_config
from edgetext.huggingface.golden import golden_texts, read_golden_texts, surest
from edgetext.huggingface.kinds import Asked, Imported, kind_of
from edgetext.huggingface.tokenizer import piece_limit, read_tokenizer, tokenizer_config
from edgetext.huggingface.weights import Weights
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header, Step
from edgetext.model.history import command_line
from edgetext.model.model import Model
from edgetext.recipe.schema import TextConfig, TrainingConfig
from edgetext.registry import lookup
from edgetext.tasks.task import task_of
from edgetext.text.imported.tokenizer import ImportedTokenizer

# Bytes for each piece that is read, and at most: a text is cut at pieces, and what lies beyond
# these bytes holds none that counts.
BYTES_A_PIECE, MOST_BYTES = 8, 8192
# Of texts that are read in windows each piece has two bytes at least, so that windows which share
# half of themselves leave none out.
BYTES_A_PIECE_IN_WINDOWS = 2
_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose. name: of the model. golden: a file of texts. max_pieces: how many are
    read of a text; head: see Asked."""

    name: str | None = None
    golden: Path | None = None
    max_pieces: int | None = None
    head: Asked = field(default_factory=Asked)


def import_model(source: str, choices: Choices | None = None) -> Model:
    """Read a folder, or a name on the hub, as a model.

    EdgetextError, before anything is made, for what is missing or broken in it, and for what
    edgetext has no form of.
    """
    choices = choices or Choices()
    folder = find_folder(source)
    config = read_config(folder)
    place = str(folder / CONFIG)
    architecture = architecture_of(config, place)
    kind = None if is_embedder(folder) else kind_of(config, place)
    path = check_tokenizer(folder)
    settings = tokenizer_config(folder)
    limit = piece_limit(folder, architecture, choices.max_pieces, settings, "--max-pieces")
    tokenizer = read_tokenizer(path, limit, settings)
    weights = Weights.read(folder)
    imported = (
        embedder(folder, weights, choices.head)
        if kind is None
        else kind(architecture, weights, tokenizer, choices.head)
    )
    tensors = {**architecture.take(weights, limit, len(tokenizer)), **imported.tensors}
    architecture.drop_pooler(weights)
    weights.check_taken()
    name = choices.name or folder_name(source)
    header = header_of(name, imported, architecture.encoder(limit), tokenizer, choices.golden)
    model = Model.of(Checkpoint(header, tensors))
    return model if choices.golden is not None else model.with_header(golden=surest(model))


def folder_name(source: str) -> str:
    """Make a model's name of the folder's, or of the hub's name."""
    last = Path(source).resolve().name if Path(source).is_dir() else source.rpartition("/")[2]
    return _NAME.sub("-", last).strip(".-") or "imported"


def header_of(
    name: str,
    imported: Imported,
    encoder: Mapping[str, Any],
    tokenizer: ImportedTokenizer,
    golden: Path | None,
) -> Header:
    """Make the header of the checkpoint."""
    task = task_of(imported.task)
    inputs = len(task.inputs)
    bytes_a_piece = BYTES_A_PIECE_IN_WINDOWS if task.needs_words else BYTES_A_PIECE
    max_bytes = min(MOST_BYTES, bytes_a_piece * tokenizer.max_length)
    recipe = {
        "name": name,
        "task": imported.task,
        "seed": 1,
        "import": [],
        "data": None,
        "tasks": None,
        "sampling_temperature": 1.0,
        "text": TextConfig(max_bytes=max_bytes).model_dump(mode="json"),
        "encoder": _completed("encoder", encoder),
        "head": _completed("head", imported.head),
        "training": TrainingConfig().model_dump(mode="json"),
        "student": None,
    }
    return Header(
        task=imported.task,
        name=name,
        recipe=recipe,
        vocabulary=tokenizer.to_header(),
        labels=imported.labels,
        max_bytes=max_bytes,
        history=(Step(command_line()),),
        golden=golden_texts(inputs, not task.asks_once)
        if golden is None
        else read_golden_texts(golden, inputs),
    )


def _completed(kind: str, section: Mapping[str, Any]) -> dict[str, Any]:
    """A section of a recipe with every default of its component."""
    fields = dict(section)
    name = fields.pop("type")
    component: Any = lookup(kind, name)
    return {"type": name, **component.Config(**fields).model_dump(mode="json")}
