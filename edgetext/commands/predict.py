"""`edgetext predict`: a model's answer to a text, a file of texts or what comes on stdin."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click


@click.command("predict")
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("texts", nargs=-1)
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answer every line of this file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a text.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Labels to show, or sentences of a summary.",
)
def command(
    model: Path, texts: tuple[str, ...], file: Path | None, as_json: bool, top: int
) -> None:
    """Answer TEXTS, the lines of a --file, or the lines of stdin, by MODEL (.pt, .onnx, .pte)."""
    if texts and file is not None:
        raise click.UsageError("give texts or --file, not both")

    from edgetext.runtime.predictor import load

    predictor = load(model)
    for text in _inputs(texts, file):
        answer = predictor.predict(text)
        if as_json:
            click.echo(json.dumps(answer.as_json(text, top), ensure_ascii=False))
        else:
            click.echo(answer.as_line(text, top))


def _inputs(texts: tuple[str, ...], file: Path | None) -> Iterator[bytes]:
    if texts:
        # What the shell gave, byte for byte, invalid UTF-8 included.
        yield from map(os.fsencode, texts)
        return
    if file is not None:
        from edgetext.files import read_bytes

        lines = read_bytes(file).split(b"\n")
        yield from (line.rstrip(b"\r") for line in lines[: len(lines) - (not lines[-1])])
        return
    if sys.stdin is None:
        raise click.UsageError("stdin is closed; give texts or --file")
    if sys.stdin.isatty():
        click.echo("type a text and press Enter; Ctrl-D ends", err=True)
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n")
