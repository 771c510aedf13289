"""`edgetext attack`: texts that TextAttack changes until a model answers otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from edgetext.commands import options


@click.command("attack")
@click.argument("models", type=options.FILE, nargs=-1, required=True)
@click.option(
    "--method",
    default="deepwordbug",
    show_default=True,
    help="TextAttack's recipe: deepwordbug and pruthi slip on keys and fetch nothing; textfooler, "
    "textbugger and others fetch models.",
)
@options.recipe(
    "Whose data to take.  [default: the checkpoint's, or the shipped recipe of that name]"
)
@options.split()
@options.overrides("A field of the recipe, as in `data.spacing=words`.")
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Attack so many texts, drawn by the seed.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of all that is drawn."
)
@click.option(
    "--python",
    type=options.FILE,
    help="The interpreter of an environment with TextAttack.  [default: this one's]",
)
@options.runtime("The engine that runs MODELS, as openvino.  [default: each file's own]")
@options.as_json("Print JSON, with each attacked text, instead of a table.")
def command(models: tuple[Path, ...], as_json: bool, **how: Any) -> None:
    """Attack MODELS (.pt, .onnx, .pte) that label texts, with a recipe of TextAttack's.

    TextAttack changes words of a text until the label is another one, and asks the model after each
    change. It runs in a process of its own, by --python where its packages are not these.
    """
    from dataclasses import asdict

    from edgetext.api.attack import attack
    from edgetext.core.tables import aligned

    attacked = attack(models, **how)
    if as_json:
        rows = [{**each.row(), "attacks": [asdict(t) for t in each.texts]} for each in attacked]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    rows = [each.row() for each in attacked]
    of = rows[0]
    click.echo(
        f"{of['method']} of TextAttack {of['textattack']} on {of['texts']:,} texts, stop words of "
        f"{of['stop_words']}"
    )
    names = ("model", "accuracy", "attacked_accuracy", "fooled", "words_changed", "queries")
    click.echo(
        aligned(
            [name.replace("_", " ") for name in names],
            [["" if row[name] is None else str(row[name]) for name in names] for row in rows],
        )
    )
