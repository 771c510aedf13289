"""Vectors of an `edgetext search` file searched one by one and in a graph.

python -m edgetext_bench.experiments.vector_search VECTORS.npz [--queries N] [--sizes N,N]

The last vectors of the file are the queries, and stand in no graph. A row a number of vectors: the
median milliseconds of processor time of a query, asked of both in turns; the share of the nearest
ten that the graph finds; what making it took of processor time, and its bytes.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from edgetext.core.tables import aligned
from edgetext.vectors.graph import TOP, Graph, nearest
from edgetext.vectors.index import Index


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--sizes", default="10000,20000,50000")
    given = parser.parse_args()
    vectors = Index.read(given.vectors, exact=True).vectors
    known, queries = vectors[: -given.queries], vectors[-given.queries :]
    sizes = [int(size) for size in given.sizes.split(",")]
    rows = [row(known[:size], queries) for size in sizes if size <= len(known)]
    heads = ("vectors", "one by one, ms", "graph, ms", "ratio", "found, %", "made in, s", "bytes")
    sys.stdout.write(aligned(heads, rows) + "\n")


def row(vectors: np.ndarray, queries: np.ndarray) -> Sequence[str]:
    """Measure one number of vectors."""
    begun = time.process_time()
    graph = Graph.of(vectors)
    seconds = time.process_time() - begun
    if graph is None:
        return (f"{len(vectors):,}", "", "", "", "too few", f"{seconds:.0f}", "")
    times: tuple[list[float], list[float]] = ([], [])
    shares = []
    for query in queries:
        exact = timed(times[0], lambda q: nearest(vectors, q, TOP), query)
        found = timed(times[1], lambda q: graph.nearest(vectors, q, TOP), query)
        shares.append(len(np.intersect1d(exact, found)) / len(exact))
    one, other = (1e3 * float(np.median(each)) for each in times)
    return (
        f"{len(vectors):,}", f"{one:.2f}", f"{other:.2f}", f"{other / one:.2f}",
        f"{100 * np.mean(shares):.2f}", f"{seconds:.0f}", f"{len(graph.content()):,}",
    )  # fmt: skip


def timed(
    times: list[float], ask: Callable[[np.ndarray], np.ndarray], query: np.ndarray
) -> np.ndarray:
    """Give an answer, and keep the processor time that it took in `times`."""
    begun = time.process_time()
    answer = ask(query)
    times.append(time.process_time() - begun)
    return answer


if __name__ == "__main__":
    main()
