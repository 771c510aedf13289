"""`edgetext import`: a checkpoint of Hugging Face as a model of edgetext."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edgetext.commands import options
from edgetext.core.collecting import collected_seldom


@click.command("import")
@click.argument("source", metavar="FOLDER|NAME")
@options.output(
    "The checkpoint to write.  [default: NAME.pt, in this folder]", options.WRITTEN_CHECKPOINT
)
@click.option("--name", metavar="NAME", help="What the model is called.  [default: as the folder]")
@click.option(
    "--pair/--single",
    default=None,
    help="A text classifier reads two texts, or one.  [default: as its labels suggest]",
)
@click.option(
    "--aggregation",
    type=click.Choice(["simple", "first", "average", "max"]),
    help="How the pieces of a word agree on a tag, as in transformers.  [default: simple]",
)
@click.option(
    "--dimension",
    type=click.IntRange(min=1),
    help="Keep so many values of an embedder's vector, as models trained for it allow.",
)
@click.option(
    "--max-pieces",
    type=click.IntRange(min=8),
    help="Read at most so many pieces of a text.  [default: as the folder says, up to 512]",
)
@click.option(
    "--golden",
    type=options.FILE,
    help="A file of texts, a line each, whose answers the model's files carry.",
)
@collected_seldom()
def command(source: str, output: Path | None, **given: Any) -> None:
    """Write the model in FOLDER, or of a NAME on the hub, as a checkpoint.

    It takes encoders (BERT, DistilBERT, MiniLM, ELECTRA, RoBERTa, XLM-R, ModernBERT) that classify
    texts or pairs, tag, answer questions, or embed, with their tokenizer.json. Only JSON and
    safetensors are read, and no code of the folder is run.
    """
    from edgetext.api.import_model import import_model

    if output is None:
        options.beside(Path.cwd())
    model = import_model(source, **given)
    path = output or Path(f"{model.header.name}.pt")
    model.save(path)
    header = model.header
    click.echo(f"wrote {path}: task {header.task}, {len(header.pieces):,} pieces")
    asked = '"..."' if len(model.learner.task.inputs) == 1 else '--pair "..." "..."'
    named = options.quoted(path)
    click.echo(f"next: edgetext predict {named} {asked}   or   edgetext export {named}")
