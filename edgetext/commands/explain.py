"""`edgetext explain`: which words of a text speak for a model's answer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from edgetext.commands import options


@click.command("explain")
@click.argument("model", type=options.FILE)
@click.argument("text")
@click.option("--text-b", help="The second text, of a model that reads two.")
@click.option("--label", metavar="NAME", help="What is explained.  [default: the top label]")
@click.option(
    "--span",
    type=click.IntRange(min=1),
    help="Explain this span, node or sentence of the answer, counted from 1.",
)
@click.option("--part", metavar="TASK", help="The task, of a model of several.  [default: first]")
@click.option(
    "--method",
    type=click.Choice(("search", "gradients", "occlusion")),
    help="What is lost as words go one by one, integrated gradients, or what is lost without each "
    "part alone.  [default: search for labels of .pt, else gradients; occlusion of other files]",
)
@click.option(
    "--by",
    type=click.Choice(("words", "pieces", "bytes")),
    default="words",
    show_default=True,
    help="What gets a weight: pieces of gradients, bytes of occlusion, words of both.",
)
@click.option("--layer", metavar="NAME", help="Weigh a layer's output instead, as encoder.layers.0")
@click.option(
    "--baseline",
    type=click.Choice(("unknown", "padding", "zero", "mean")),
    help="Where integrated gradients begin: the row of unknown words, or another.  "
    "[default: unknown]",
)
@click.option(
    "--steps",
    type=click.IntRange(1, 512),
    help="Of integrated gradients.  [default: 16]",
)
@options.runtime("The engine that runs MODEL, as openvino.  [default: the file's own]")
@click.option(
    "--html", type=options.WRITTEN_FILE, help="Also write a page, which needs no network."
)
@options.as_json("Print JSON instead.")
def command(
    model: Path, text: str, text_b: str | None, html: Path | None, as_json: bool, **manner: Any
) -> None:
    """Weigh the words of TEXT by how much they speak for the answer of MODEL (.pt, .onnx, .pte).

    The label of a checkpoint is explained by a search for the words without which least is left
    of it, its spans by integrated gradients (`edgetext[explain]`), any other file by leaving out
    each word in turn.
    """
    from edgetext.api.explain import explain

    given = os.fsencode(text)
    second = None if text_b is None else os.fsencode(text_b)
    explanation = explain(model, given, second, **manner)
    if html is not None:
        from edgetext.core.files import write_text
        from edgetext.interpretation.page import page

        write_text(html, page(explanation))
    if as_json:
        click.echo(json.dumps(explanation.as_json(), ensure_ascii=False))
    else:
        from edgetext.interpretation.screen import show

        show(explanation)
    if html is not None:
        click.echo(f"wrote {html}", err=as_json)
