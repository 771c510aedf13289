"""`edgetext similar`: how alike texts are, by an embedder."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


@click.command("similar")
@click.argument("model", type=options.FILE)
@click.argument("text")
@click.argument("others", nargs=-1, required=True)
def command(model: Path, text: str, others: tuple[str, ...]) -> None:
    """Print the cosine of TEXT with each of OTHERS by MODEL, an embedder (.pt, .onnx, .pte).

    1 is the same direction, 0 none in common.
    """
    from edgetext.predictor import load
    from edgetext.vectors.index import similarities

    for score, other in zip(similarities(load(model), text, others), others, strict=True):
        click.echo(f"{score:.4f}  {other}")
