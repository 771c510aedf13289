"""An embedder whose vectors and states of words others learn."""

from __future__ import annotations

from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.import_model import import_model
from edgetext.huggingface.tokenizer import at_words
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.text.imported.tokenizer import ImportedTokenizer


def read_teacher(path: Path) -> Model:
    """Read a folder of sentence-transformers, or a checkpoint, as a model whose tokenizer says
    where words begin.

    EdgetextError for a model that gives no vectors.
    """
    model = import_model(str(path)) if path.is_dir() else Model.load(path)
    if not model.learner.gives_vectors:
        raise EdgetextError(
            f"{path}: its task is {model.header.task}, and a teacher of vectors is needed; give a "
            "folder of sentence-transformers, or what `edgetext import` made of one"
        )
    vocabulary = model.vocabulary
    if not isinstance(vocabulary, ImportedTokenizer):
        return model
    header = model.with_header(vocabulary=at_words(vocabulary).to_header()).header
    return Model.of(Checkpoint(header, model.tensors), model.source, model.sha256)
