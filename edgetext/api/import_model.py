"""`edgetext.import_model`: a checkpoint of Hugging Face as a model."""

from __future__ import annotations

import os
from pathlib import Path

from edgetext.api.given import AnyPath
from edgetext.huggingface import import_model as huggingface
from edgetext.huggingface.import_model import Choices
from edgetext.huggingface.kinds import Asked
from edgetext.model.model import Model


def import_model(
    source: AnyPath,
    *,
    name: str | None = None,
    pair: bool | None = None,
    aggregation: str | None = None,
    dimension: int | None = None,
    max_pieces: int | None = None,
    golden: AnyPath | None = None,
) -> Model:
    """Read a folder that transformers or sentence-transformers wrote, or a name on the hub.

    Only JSON and safetensors are read; no code of the folder is run. name: what the model is
    called, by default as the folder. pair: whether a text classifier reads two texts; by default
    what its labels suggest. aggregation: how the pieces of a word agree on a tag: "simple",
    "first", "average" or "max". dimension: how many values of an embedder's vector are kept.
    max_pieces: how many pieces of a text are read. golden: a file of texts whose answers the
    model's files carry. EdgetextError for what is missing or broken in the folder, and for an
    architecture, a head or a tokenizer that is not imported.

    >>> edgetext.import_model("my-bert").save("model.pt")
    """
    asked = Asked(pair, aggregation, dimension)
    path = None if golden is None else Path(golden)
    return huggingface.import_model(os.fspath(source), Choices(name, path, max_pieces, asked))
