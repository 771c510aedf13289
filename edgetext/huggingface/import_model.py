"""`import`: a folder of Hugging Face as a model of edgetext."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.huggingface.architectures import Architecture, architecture_of
from edgetext.huggingface.embedders import embedder, is_embedder, read_limit
from edgetext.huggingface.folder import CONFIG, check_tokenizer, find_folder, read_config
from edgetext.huggingface.golden import golden_texts, read_golden_texts, surest
from edgetext.huggingface.json_file import read_json
from edgetext.huggingface.kinds import Asked, Imported, kind_of
from edgetext.huggingface.weights import Weights
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header, Step
from edgetext.model.history import command_line
from edgetext.model.model import Model
from edgetext.recipe.schema import TextConfig, TrainingConfig
from edgetext.registry import lookup
from edgetext.tasks.task import task_of
from edgetext.text.imported.tokenizer import ImportedTokenizer

_log = logger(__name__)
# Pieces that are read where the weights would read more, which takes memory by its square.
MOST_PIECES = 512
# Bytes for each piece that is read, and at most: a text is cut at pieces, and what lies beyond
# these bytes holds none that counts.
BYTES_A_PIECE, MOST_BYTES = 8, 8192
# Of texts that are read in windows each piece has two bytes at least, so that windows which share
# half of themselves leave none out.
BYTES_A_PIECE_IN_WINDOWS = 2
# What a tokenizer says that has no limit.
_NO_LIMIT = 1_000_000
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
    limit = _pieces(folder, architecture, choices.max_pieces, settings)
    tokenizer = _tokenizer(path, limit, settings)
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


def _pieces(
    folder: Path, architecture: Architecture, asked: int | None, settings: Mapping[str, Any]
) -> int:
    """How many pieces of a text are read: as many as are asked for, else as the folder says."""
    most = architecture.positions()
    if asked is not None:
        if asked > most:
            raise EdgetextError(
                f"--max-pieces {asked}: the weights of {folder} read at most {most}"
            )
        return asked
    said = [most, settings.get("model_max_length"), read_limit(folder)]
    limit = min(x for x in said if isinstance(x, int) and 0 < x < _NO_LIMIT)
    if limit > MOST_PIECES:
        _log.info(
            "%s: the model could read %d pieces; %d are read (--max-pieces)",
            *(folder, limit, MOST_PIECES),
        )
    return min(limit, MOST_PIECES)


def tokenizer_config(folder: Path) -> Mapping[str, Any]:
    """Read tokenizer_config.json; nothing where there is none."""
    path = folder / "tokenizer_config.json"
    settings: Mapping[str, Any] = read_json(path) if path.is_file() else {}
    return settings


def _tokenizer(path: Path, limit: int, settings: Mapping[str, Any]) -> ImportedTokenizer:
    lowercase = settings.get("do_lower_case")
    return ImportedTokenizer.read(
        read_bytes(path),
        source=str(path),
        max_length=limit,
        lowercase=lowercase if isinstance(lowercase, bool) else None,
    )


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
