"""A graph over vectors finds what comparing with each of them finds, to the share that it says."""

import io
import sys

import numpy as np
import pytest
from embedders import write_imported_embedder

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.vectors import graph as graph_module
from edgetext.vectors.graph import RECALL, Graph, nearest
from edgetext.vectors.index import Index

WORDS = ["rain", "paris", "cold", "music", "play", "the", "is", "in"]
TEXTS = [f"{a} {b} {c}" for a in WORDS for b in WORDS for c in WORDS]


def vectors_of(count, dimension, inner, seed=1):
    """Random vectors of length 1, as of a model whose answers fill `inner` dimensions."""
    dice = np.random.default_rng(seed)
    points = dice.standard_normal((count, inner)) @ dice.standard_normal((inner, dimension))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def share_found(graph, vectors, queries, top=10):
    """The share of the nearest `top` that a graph finds, and that it finds them in their order."""
    shares = []
    for query in queries:
        known = nearest(vectors, query, top)
        got = graph.nearest(vectors, query, top)
        shares.append(len(np.intersect1d(known, got)) / len(known))
        scores = vectors[got] @ query
        assert (np.diff(scores) <= 0).all()
    return float(np.mean(shares))


@pytest.fixture(scope="module")
def embedder(tmp_path_factory):
    return write_imported_embedder(tmp_path_factory.mktemp("embedder"))


@pytest.fixture
def texts(tmp_path):
    (tmp_path / "texts.txt").write_text("\n".join(TEXTS) + "\n")
    return tmp_path / "texts.txt"


def test_the_nearest_are_in_order_and_equals_in_their_own():
    vectors = np.array([[0, 1], [1, 0], [0, 1], [0.6, 0.8], [0, 1], [1, 0]], np.float32)
    query = np.array([0, 1], np.float32)
    assert nearest(vectors, query, 2).tolist() == [0, 2]
    assert nearest(vectors, query, 4).tolist() == [0, 2, 4, 3]
    assert nearest(vectors, query, 99).tolist() == [0, 2, 4, 3, 1, 5]
    assert nearest(vectors, query, 2, np.array([1, 3, 4])).tolist() == [4, 3]


def test_a_graph_finds_the_nearest():
    pytest.importorskip("usearch")
    vectors = vectors_of(3000, 48, 12)
    graph = Graph.of(vectors)
    assert graph.recall >= RECALL
    assert share_found(graph, vectors, vectors_of(50, 48, 12, seed=2)) > 0.95
    again = Graph.read(graph.content(), graph.width, graph.recall, vectors.shape)
    for query in vectors[:20]:
        numbers = [x.nearest(vectors, query, 5).tolist() for x in (again, graph)]
        assert numbers[0] == numbers[1]
        assert numbers[0][0] == np.argmax(vectors @ query)
    # A look so wide is no shorter than comparing with all.
    everything = graph.nearest(vectors, vectors[0], 5000)
    assert everything.tolist() == nearest(vectors, vectors[0], 5000).tolist()
    assert len(everything) == 3000


@pytest.mark.slow
def test_a_graph_of_a_hundred_thousand_vectors():
    pytest.importorskip("usearch")
    vectors = vectors_of(100_000, 384, 24)
    graph = Graph.of(vectors)
    dice = np.random.default_rng(3)
    queries = vectors[::1000] + 0.01 * dice.standard_normal((100, 384)).astype(np.float32)
    assert share_found(graph, vectors, queries) > RECALL - 0.02


def test_texts_that_are_there_many_times_count_as_found():
    pytest.importorskip("usearch")
    vectors = np.repeat(vectors_of(60, 16, 8), 20, axis=0)
    assert Graph.of(vectors).recall >= RECALL


def test_where_too_few_are_found_there_is_no_graph(monkeypatch):
    pytest.importorskip("usearch")
    monkeypatch.setattr(graph_module, "RECALL", 1.1)
    assert Graph.of(vectors_of(300, 8, 8)) is None


@pytest.mark.parametrize("content", [b"", b"usearch", bytes(5000), b"usearch" + bytes(90)])
def test_what_is_no_graph_is_said(content):
    pytest.importorskip("usearch")
    with pytest.raises(ValueError, match=r"usearch does not read it|of other vectors"):
        Graph.read(np.frombuffer(content, np.uint8), 64, 1.0, (10, 8))


def test_a_graph_is_kept_in_the_file_and_answers_alike(embedder, texts, tmp_path, capsys):
    pytest.importorskip("usearch")
    kept = tmp_path / "kept.npz"
    assert main(["search", str(embedder), str(texts), "-o", str(kept), "--index"]) == 0
    assert "512 vectors, an index that finds" in capsys.readouterr().err
    assert Index.read(kept).graph is not None
    answers = []
    for option in ([], ["--exact"]):
        assert main(["search", str(embedder), str(kept), "cold rain", *option]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    assert len(answers[0].splitlines()) == 5


def test_a_stale_graph_is_made_again(embedder, texts, tmp_path, capsys):
    pytest.importorskip("usearch")
    kept = tmp_path / "kept.npz"
    main(["search", str(embedder), str(texts), "-o", str(kept), "--index"])
    with np.load(io.BytesIO(kept.read_bytes())) as file:
        arrays = dict(file)
    np.savez(kept, **{**arrays, "vectors": arrays["vectors"][::-1], "texts": arrays["texts"][::-1]})
    assert Index.read(kept).stale
    capsys.readouterr()
    assert main(["search", str(embedder), str(kept), "cold rain", "--top", "1"]) == 0
    said = capsys.readouterr().err
    assert "its index is of other vectors; it is made again" in said
    assert not Index.read(kept).stale
    assert main(["search", str(embedder), str(kept), "cold rain", "--top", "1"]) == 0
    assert not capsys.readouterr().err


def test_many_vectors_get_a_graph_by_themselves(embedder, texts, tmp_path, capsys, monkeypatch):
    pytest.importorskip("usearch")
    monkeypatch.setattr(graph_module, "LEAST", 500)
    for name, option, has in (("a", [], True), ("b", ["--exact"], False)):
        kept = tmp_path / f"{name}.npz"
        assert main(["search", str(embedder), str(texts), "-o", str(kept), *option]) == 0
        assert (Index.read(kept).graph is not None) is has


def test_without_usearch_one_sentence_says_so(embedder, texts, tmp_path, capsys, monkeypatch):
    kept = tmp_path / "kept.npz"
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    monkeypatch.setattr(graph_module, "LEAST", 500)
    assert main(["search", str(embedder), str(texts), "-o", str(kept)]) == 0
    assert "512 vectors are compared one by one; `pip install" in capsys.readouterr().err
    assert main(["search", str(embedder), str(kept), "rain", "--index"]) == 2
    assert "an index of vectors needs usearch; install it" in capsys.readouterr().err
    with pytest.raises(EdgetextError, match="needs usearch"):
        Index.read(kept).with_graph()


def test_vectors_are_compared_one_by_one_where_no_one_asks_for_more(embedder):
    index = Index.of(load(embedder), TEXTS[:20])
    assert index.graph is None
    assert index.search(load(embedder), TEXTS[3])[0].number == 3
