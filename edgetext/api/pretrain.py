"""`edgetext.pretrain`: a small network that learns from an embedder, without labels."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import yaml

from edgetext.api.given import AnyModel, AnyPath, AnyRecipe, as_recipe
from edgetext.core.errors import EdgetextError
from edgetext.huggingface.teacher import read_teacher
from edgetext.model.model import Model
from edgetext.training import pretraining

# The shares of texts that are kept apart to choose the epoch by, and to measure with.
SHARE = 0.02


def pretrain(
    recipe: AnyRecipe,
    teacher: AnyModel,
    *,
    texts: AnyPath | Sequence[AnyPath] = (),
    overrides: Sequence[str] = (),
    state: AnyPath | None = None,
    resume: bool = False,
    folder: AnyPath | None = None,
) -> Model:
    """Train a small network of `task: embed` on an embedder's vectors and states of words.

    recipe: of the network; what it gives is a model that embeds texts, and with which others begin
    (`init:`). teacher: a folder of sentence-transformers, or a model of task embed. texts: files
    with a text a line, or one, in the place of the recipe's `data`, which `data.stream` reads a
    part at a time. overrides, state, resume, folder: see `train`. EdgetextError for a recipe, texts
    or a teacher that do not fit.

    >>> small = edgetext.pretrain("small.yaml", "all-MiniLM-L6-v2", texts=["sentences.txt"])
    """
    files = [texts] if isinstance(texts, str | os.PathLike) else texts
    loaded = as_recipe(recipe, [*_data(files), *overrides])
    model = teacher if isinstance(teacher, Model) else read_teacher(Path(os.fspath(teacher)))
    path, runs = (None if given is None else Path(given) for given in (state, folder))
    return pretraining.pretrain(model, loaded, path, resume=resume, folder=runs)


def _data(texts: Sequence[AnyPath]) -> list[str]:
    """Give the fields of a recipe that say where its texts are."""
    if not texts:
        return []
    files = [os.path.abspath(os.fspath(file)) for file in texts]
    missing = next((file for file in files if not os.path.exists(file) and "*" not in file), None)
    if missing is not None:
        raise EdgetextError(f"{missing}: no such file; name files with a text a line")
    train = yaml.safe_dump(files, default_flow_style=True, width=2**31, allow_unicode=True).strip()
    return [
        "data.type=text",
        f"data.train={train}",
        f"data.split.valid={SHARE}",
        f"data.split.test={SHARE}",
    ]
