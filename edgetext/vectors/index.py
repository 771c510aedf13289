"""The vectors of many texts in one `.npz`, searched exactly."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, write_bytes
from edgetext.predictor import Predictor

SUFFIX = ".npz"
# The output of models that make vectors.
_VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Hit:
    """A text, its cosine with the query, and its number among the texts, from 0."""

    text: str
    score: float
    number: int


@dataclass(frozen=True, slots=True)
class Index:
    """vectors: float32[N, D], each of length 1. texts: theirs. model: the version of the model that
    made them. cut: how many texts were longer than it reads."""

    vectors: np.ndarray
    texts: Sequence[str]
    model: str
    cut: int = 0

    @classmethod
    def of(cls, predictor: Predictor, texts: Iterable[str]) -> Self:
        """Make the vectors of texts; EdgetextError for a model that makes none, and of no text."""
        kept = list(texts)
        if not kept:
            raise EdgetextError("there is no text to search in; give at least one")
        made = [_answer(predictor, text) for text in kept]
        vectors = np.array([answer.vector for answer in made], np.float32)
        cut = sum(answer.truncated for answer in made)
        return cls(vectors, kept, _version(predictor), cut)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote; EdgetextError for anything else. Nothing in it is executed."""
        try:
            with np.load(io.BytesIO(read_bytes(path)), allow_pickle=False) as file:
                vectors, texts = file["vectors"], file["texts"]
                model = str(file["model"])
            if vectors.ndim != 2 or len(vectors) != len(texts):
                raise ValueError("it holds no vectors of texts")
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise EdgetextError(
                f"{path}: not a file of vectors that `edgetext search` wrote, or one that was cut "
                "short; make it again"
            ) from error
        return cls(vectors.astype(np.float32), texts.tolist(), model)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as one `.npz`; EdgetextError when it cannot be written."""
        content = io.BytesIO()
        np.savez(
            content,
            vectors=self.vectors,
            texts=np.array(self.texts, np.str_),
            model=np.array(self.model),
        )
        write_bytes(path, content.getvalue())

    def search(self, predictor: Predictor, query: str, top: int = 5) -> list[Hit]:
        """Give the texts nearest to a query, the nearest first, equals in their own order.

        EdgetextError where another model made the vectors.
        """
        if _version(predictor) != self.model:
            raise EdgetextError(
                f"{predictor.path}: the vectors are of model version {self.model}, and this is "
                f"{_version(predictor)}; make them again"
            )
        scores = self.vectors @ np.array(_answer(predictor, query).vector, np.float32)
        order = np.argsort(-scores, kind="stable")[:top]
        return [Hit(self.texts[i], float(scores[i]), int(i)) for i in order]


def similarities(predictor: Predictor, text: str, others: Sequence[str]) -> list[float]:
    """Give the cosine of a text with each of others; EdgetextError as of Index.of."""
    one = np.array(_answer(predictor, text).vector)
    return [float(np.dot(one, _answer(predictor, other).vector)) for other in others]


def _answer(predictor: Predictor, text: str) -> Any:
    if _VECTOR not in predictor.task.outputs:
        raise EdgetextError(
            f"{predictor.path}: its task {predictor.metadata.task} makes no vectors; give an "
            "embedder (`edgetext import`), or one tower (`edgetext export --embed`)"
        )
    return predictor.predict(text)


def _version(predictor: Predictor) -> str:
    return str(predictor.metadata.fields["checkpoint_sha256"])[:12]
