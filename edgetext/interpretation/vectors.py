"""Vectors of texts by which like ones are found: a network's own, or of runs of characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.predictor import Predictor
from edgetext.targets.catalog import is_checkpoint

# Rows that are compared at once.
ROWS = 1024
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class TextVectors:
    """values: float32[N, D] of length 1, or a sparse matrix of that shape; words: what they are."""

    values: Any
    words: str

    def rows(self, numbers: Sequence[int]) -> TextVectors:
        """Give the vectors of some texts."""
        return TextVectors(self.values[list(numbers)], self.words)


def vectors_of(predictor: Predictor, *splits: Sequence[Example]) -> list[TextVectors]:
    """Give the vectors of each of some splits: of a checkpoint the mean of its encoder's output, of
    any other file, and where texts are read in parts, TF-IDF of runs of 2 to 4 characters, which
    the first split weighs."""
    if is_checkpoint(predictor.path):
        session: Any = predictor.session
        _log.info("reading %s texts for their vectors", f"{sum(map(len, splits)):,}")
        hidden = [_hidden(session.model, split) for split in splits]
        if all(len(rows) == len(split) for rows, split in zip(hidden, splits, strict=True)):
            return [TextVectors(rows, "the model's hidden vectors") for rows in hidden]
    return characters_of(splits)


def nearest(queries: TextVectors, known: TextVectors, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the nearest known rows of each query, the nearest first: their numbers int64[Q, k] and
    cosines float32[Q, k]; k is `count`, or as many as there are."""
    count = min(count, known.values.shape[0])
    numbers, cosines = [], []
    for begin in range(0, queries.values.shape[0], ROWS):
        alike = queries.values[begin : begin + ROWS] @ known.values.T
        alike = alike if isinstance(alike, np.ndarray) else alike.toarray()
        some = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(alike, some, 1), axis=1, kind="stable")
        numbers.append(np.take_along_axis(some, order, 1))
        cosines.append(np.take_along_axis(alike, numbers[-1], 1).astype(np.float32))
    return np.concatenate(numbers), np.concatenate(cosines)


def _hidden(model: Any, examples: Sequence[Example]) -> np.ndarray:
    """Give float32[N, D]: the mean of the encoder's output over a text's pieces, of length 1."""
    import torch

    from edgetext.training.dataset import EncodedSet

    data = EncodedSet.of_model(model, examples, strict=False)
    rows = torch.zeros(len(data), model.network.dimension)
    with torch.inference_mode():
        for index in data.rows_in_order(128):
            batch = data.batch(index)
            states = model.network(batch.ids, batch.mask, hidden=True)["hidden"]
            real = batch.mask.unsqueeze(-1).to(states.dtype)
            rows[index] = (states * real).sum(1) / real.sum(1)
    values: np.ndarray = torch.nn.functional.normalize(rows, dim=1).numpy()
    return values


def characters_of(splits: Sequence[Sequence[Example]]) -> list[TextVectors]:
    """Give TF-IDF of runs of 2 to 4 characters, which the first split weighs; EdgetextError where
    scikit-learn is not installed."""
    check_installed()
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [[" ".join(example.texts) for example in split] for split in splits]
    features = TfidfVectorizer(
        ngram_range=(2, 4), analyzer="char_wb", sublinear_tf=True, dtype=np.float32
    )
    matrices = [features.fit_transform(texts[0]), *map(features.transform, texts[1:])]
    return [TextVectors(matrix, "runs of 2 to 4 characters") for matrix in matrices]


def check_installed() -> None:
    """EdgetextError, which says how they are installed, where libraries of `errors` are missing."""
    try:
        import cleanlab  # noqa: F401
        import sklearn  # noqa: F401
    except ImportError as error:
        raise EdgetextError(
            "errors are looked into with the libraries cleanlab and scikit-learn, which are not "
            "both installed; `pip install 'edgetext[errors]'`"
        ) from error
