"""`edgetext search`: the texts nearest to a query, by an embedder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.predictor import Predictor
    from edgetext.vectors.graph import Graph
    from edgetext.vectors.index import Index


@click.command("search")
@click.argument("model", type=options.FILE)
@click.argument("texts", type=options.FILE)
@click.argument("queries", nargs=-1)
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="Texts each.")
@click.option(
    "--index/--exact",
    "indexed",
    default=None,
    help="Search in an index (extra `vectors`), or compare with every vector.  [default: with -o "
    "an index from 50,000 vectors on; what a .npz has]",
)
@options.as_json("Print one JSON object a query.")
@options.output("Also keep the vectors in this .npz, to be given as TEXTS next time.")
def command(
    model: Path,
    texts: Path,
    queries: tuple[str, ...],
    top: int,
    indexed: bool | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Print the texts of TEXTS that are nearest to each of QUERIES by MODEL, an embedder.

    TEXTS is a file with a text a line, or an .npz with their vectors, made by -o with the same
    MODEL. The search is exact but in an index, of which is said what share of the nearest it finds.
    """
    if not queries and output is None:
        raise click.UsageError("give a query, or -o to make the vectors alone")
    if output is not None and output.suffix != ".npz":
        raise click.UsageError("-o takes a name that ends in .npz")

    from edgetext.predictor import load

    predictor = load(model)
    index = _index(predictor, texts, output, indexed)
    if index.cut:
        click.echo(f"{index.cut:,} texts are longer than the model reads", err=True)
    for query in queries:
        hits = index.search(predictor, query, top)
        if as_json:
            rows = [
                {"text": hit.text, "score": round(hit.score, 4), "number": hit.number}
                for hit in hits
            ]
            click.echo(json.dumps({"query": query, "hits": rows}, ensure_ascii=False))
            continue
        if len(queries) > 1:
            click.echo(f"{query}:")
        for hit in hits:
            click.echo(f"{hit.score:.4f}  {hit.text}")


def _index(predictor: Predictor, texts: Path, output: Path | None, indexed: bool | None) -> Index:
    """The vectors of TEXTS with what they are searched in; kept where that is asked for, and where
    the index of a file is stale."""
    from edgetext.data.texts import read_texts
    from edgetext.vectors.graph import LEAST, is_installed
    from edgetext.vectors.index import SUFFIX, Index

    if texts.suffix == SUFFIX:
        missing = indexed is None and not is_installed()
        index = Index.read(texts, exact=indexed is False or missing)
    else:
        index = Index.of(predictor, (line for _, (line,) in read_texts(texts)))
    many = indexed is None and len(index.texts) >= LEAST
    if many and not is_installed():
        click.echo(
            f"{len(index.texts):,} vectors are compared one by one; `pip install "
            "'edgetext[vectors]'` for an index",
            err=True,
        )
    wanted = indexed or (many and output is not None and is_installed())
    if index.stale or (wanted and index.graph is None):
        index = _with_graph(index, texts)
        output = output or (texts if texts.suffix == SUFFIX else None)
    if output is not None:
        index.save(output)
        said = "" if index.graph is None else _said(index.graph)
        click.echo(f"wrote {output}: {len(index.texts):,} vectors{said}", err=True)
    return index


def _with_graph(index: Index, texts: Path) -> Index:
    if index.stale:
        click.echo(f"{texts}: its index is of other vectors; it is made again", err=True)
    searched = index.with_graph()
    if searched.graph is None:
        click.echo(
            "an index would find less than 99 % of the nearest among these vectors; they are "
            "compared one by one",
            err=True,
        )
    return searched


def _said(graph: Graph) -> str:
    return f", an index that finds {100 * graph.recall:.1f} % of the nearest 10"
