"""The vectors of many texts in one `.npz`, searched exactly, or by a graph where they are many."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.core.files import open_bytes, write_bytes
from edgetext.predictor import Predictor
from edgetext.vectors.graph import Graph, nearest

SUFFIX = ".npz"
# The output of models that make vectors.
_VECTOR = "vector"
# The arrays of a file that has a graph: see Graph, and the checksum of its vectors.
_GRAPH, _WIDTH, _FOUND, _OF = "graph", "graph_width", "graph_recall", "graph_of"


@dataclass(frozen=True, slots=True)
class Hit:
    """A text, its cosine with the query, and its number among the texts, from 0."""

    text: str
    score: float
    number: int


@dataclass(frozen=True, slots=True)
class Index:
    """vectors: float32[N, D], each of length 1. texts: theirs. model: the version of the model that
    made them. cut: how many texts were longer than it reads. graph: in which they are searched, if
    any; stale: whether the file had one of other vectors, or one that this usearch does not read.
    """

    vectors: np.ndarray
    texts: Sequence[str]
    model: str
    cut: int = 0
    graph: Graph | None = None
    stale: bool = False

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
    def read(cls, path: str | os.PathLike[str], *, exact: bool = False) -> Self:
        """Read what `save` wrote; EdgetextError for anything else. Nothing in it is executed.

        exact: whether a graph in it is left aside; if not, EdgetextError where usearch is missing.
        """
        try:
            with open_bytes(path) as opened, np.load(opened, allow_pickle=False) as file:
                vectors, texts = file["vectors"].astype(np.float32), file["texts"]
                model = str(file["model"])
                if vectors.ndim != 2 or len(vectors) != len(texts):
                    raise ValueError("it holds no vectors of texts")
                given = None if exact or _GRAPH not in file else _read_graph(file, vectors)
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise EdgetextError(
                f"{path}: not a file of vectors that `edgetext search` wrote, or one that was cut "
                "short; make it again"
            ) from error
        graph, stale = given or (None, False)
        return cls(vectors, texts.tolist(), model, graph=graph, stale=stale)

    def with_graph(self) -> Self:
        """Return it with a graph, or without where none finds enough of the nearest (see
        vectors.graph); EdgetextError where usearch is missing."""
        return replace(self, graph=Graph.of(self.vectors), stale=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as one `.npz`; EdgetextError when it cannot be written."""
        content = io.BytesIO()
        arrays = {
            "vectors": self.vectors,
            "texts": np.array(self.texts, np.str_),
            "model": np.array(self.model),
        }
        if self.graph is not None:
            arrays[_GRAPH] = self.graph.content()
            arrays[_WIDTH] = np.array(self.graph.width)
            arrays[_FOUND] = np.array(self.graph.recall)
            arrays[_OF] = np.array(_checksum(self.vectors))
        np.savez(content, **arrays)  # type: ignore[arg-type]
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
        vector = np.array(_answer(predictor, query).vector, np.float32)
        order = (nearest if self.graph is None else self.graph.nearest)(self.vectors, vector, top)
        return [Hit(self.texts[i], float(self.vectors[i] @ vector), int(i)) for i in order]


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


def _read_graph(file: Any, vectors: np.ndarray) -> tuple[Graph | None, bool]:
    """The graph of a file, and whether it is stale, which is None then."""
    try:
        if int(file[_OF]) != _checksum(vectors):
            raise ValueError("it is of other vectors")
        width, recall = int(file[_WIDTH]), float(file[_FOUND])
        return Graph.read(file[_GRAPH], width, recall, vectors.shape), False
    except (ValueError, KeyError):
        return None, True


def _checksum(vectors: np.ndarray) -> int:
    return zlib.crc32(np.ascontiguousarray(vectors).data)


def _version(predictor: Predictor) -> str:
    return str(predictor.metadata.fields["checkpoint_sha256"])[:12]
