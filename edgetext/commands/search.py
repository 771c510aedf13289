"""`edgetext search`: the texts nearest to a query, by an embedder."""

from __future__ import annotations

import json
from pathlib import Path

import click

from edgetext.commands import options


@click.command("search")
@click.argument("model", type=options.FILE)
@click.argument("texts", type=options.FILE)
@click.argument("queries", nargs=-1)
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="Texts each.")
@options.as_json("Print one JSON object a query.")
@options.output("Also keep the vectors in this .npz, to be given as TEXTS next time.")
def command(
    model: Path,
    texts: Path,
    queries: tuple[str, ...],
    top: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Print the texts of TEXTS that are nearest to each of QUERIES by MODEL, an embedder.

    TEXTS is a file with a text a line, or an .npz with their vectors, made by -o with the same
    MODEL. The search is exact.
    """
    if not queries and output is None:
        raise click.UsageError("give a query, or -o to make the vectors alone")
    if output is not None and output.suffix != ".npz":
        raise click.UsageError("-o takes a name that ends in .npz")

    from edgetext.data.texts import read_texts
    from edgetext.predictor import load
    from edgetext.vectors.index import SUFFIX, Index

    predictor = load(model)
    if texts.suffix == SUFFIX:
        index = Index.read(texts)
    else:
        index = Index.of(predictor, (line for _, (line,) in read_texts(texts)))
    if output is not None:
        index.save(output)
        click.echo(f"wrote {output}: {len(index.texts):,} vectors", err=True)
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
