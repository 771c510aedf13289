"""`edgetext recipes`: what can be trained at once."""

from __future__ import annotations

import click


@click.command("recipes")
def command() -> None:
    """List the recipes that come with edgetext."""
    from edgetext.recipe import summaries

    rows = [(s.name, s.task, s.data, s.comment) for s in summaries()]
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, task, data, comment in rows:
        click.echo(
            f"{name:{widths[0]}}  {task:{widths[1]}}  {data:{widths[2]}}  {comment}".rstrip()
        )
