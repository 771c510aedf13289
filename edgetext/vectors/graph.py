"""A graph of neighbours over many vectors, in which the nearest to a query are found by a few steps
(HNSW, Malkov and Yashunin 2018), by usearch."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from edgetext.core.errors import EdgetextError

# From so many vectors on a graph is worth its minute: comparing with each takes longer than the
# model does to read the query.
LEAST = 50_000
# The share of the nearest TOP that it has to find, measured on so many of its own vectors.
RECALL, TOP, SAMPLE = 0.99, 10, 200
# Vectors that one thread adds.
ALONE = 10_000
# How far it looks around a query, doubled until it finds that share.
NARROWEST, WIDEST = 64, 1024
# Scores that differ by less are as good as equal, as those of a text that is there twice.
_EQUAL = 1e-6


@dataclass(frozen=True, slots=True)
class Graph:
    """index: of usearch. width: how far it looks, `expansion_search` there. recall: the share of
    the nearest that it finds so, from 0 to 1. held: uint8[n], the bytes that the index looks into
    where it was read."""

    index: Any
    width: int
    recall: float
    held: np.ndarray | None = None

    @classmethod
    def of(cls, vectors: np.ndarray) -> Self | None:
        """Make the graph of vectors float32[N, D], each of length 1; None where even the widest
        look finds too few of the nearest.

        EdgetextError where usearch is missing.
        """
        index = _usearch().Index(ndim=vectors.shape[1], metric="ip", dtype="f32")
        # One thread where they are few: the graph is then the same each time, and no two threads
        # put equal vectors where neither is reached.
        threads = 1 if len(vectors) <= ALONE else 0
        index.add(np.arange(len(vectors)), vectors, threads=threads)
        chosen = np.random.default_rng(1).choice(len(vectors), min(SAMPLE, len(vectors)), False)
        queries = vectors[chosen]
        least = [np.sort(vectors @ query)[-TOP:][0] for query in queries]
        width = NARROWEST
        while width <= WIDEST:
            graph = cls(index, width, 0.0)
            recall = float(np.mean([
                (vectors[graph.nearest(vectors, query, TOP)] @ query >= worst - _EQUAL).mean()
                for query, worst in zip(queries, least, strict=True)
            ]))  # fmt: skip
            if recall >= RECALL:
                return cls(index, width, recall)
            width *= 2
        return None

    @classmethod
    def read(cls, content: np.ndarray, width: int, recall: float, shape: tuple[int, int]) -> Self:
        """Read what `content` gave; ValueError where it is no graph of vectors of this shape.

        EdgetextError where usearch is missing.
        """
        module = _usearch()
        try:
            index = module.Index.restore(content.data, view=True)
        except Exception as error:
            raise ValueError("usearch does not read it") from error
        if index is None or (len(index), index.ndim) != shape:
            raise ValueError("it is of other vectors")
        return cls(index, width, recall, content)

    def content(self) -> np.ndarray:
        """Give uint8[n], which `read` reads."""
        return np.frombuffer(self.index.save(), np.uint8) if self.held is None else self.held

    def nearest(self, vectors: np.ndarray, query: np.ndarray, top: int) -> np.ndarray:
        """Give the numbers of the `top` vectors nearest to a query, as the function `nearest` does;
        of so many that it would look wider than it can, by comparing with all."""
        width = self.width * max(1, -(-top // TOP))
        if width > max(WIDEST, self.width):
            return nearest(vectors, query, top)
        self.index.expansion_search = width
        found = self.index.search(query, min(2 * top, len(self.index)), threads=1)
        return nearest(vectors, query, top, np.sort(np.array(found.keys, np.int64)))


def nearest(
    vectors: np.ndarray, query: np.ndarray, top: int, among: np.ndarray | None = None
) -> np.ndarray:
    """Give the numbers int64[k] of the `top` vectors nearest to a query, the nearest first, equals
    in their own order.

    among: the numbers of those that are compared, in their order; by default all.
    """
    scores = (vectors if among is None else vectors[among]) @ query
    top = min(top, len(scores))
    least = np.partition(scores, len(scores) - top)[len(scores) - top]
    rows = np.flatnonzero(scores >= least)
    rows = rows[np.argsort(-scores[rows], kind="stable")[:top]]
    return rows if among is None else among[rows]


def is_installed() -> bool:
    """Tell whether usearch is there."""
    try:
        _usearch()
    except EdgetextError:
        return False
    return True


def _usearch() -> Any:
    try:
        return importlib.import_module("usearch.index")
    except ImportError as error:
        raise EdgetextError(
            "an index of vectors needs usearch; install it with `pip install 'edgetext[vectors]'`, "
            "or compare with every vector (--exact)"
        ) from error
