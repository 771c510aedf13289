"""`edgetext predict`: a model's answer to a text, a file of texts or what comes on stdin."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.predictor import Predictor


@click.command("predict")
@click.argument("model", type=options.FILE)
@click.argument("texts", nargs=-1)
@click.option(
    "--pair",
    "pairs",
    nargs=2,
    multiple=True,
    metavar="TEXT TEXT_B",
    help="Two texts, for a model that reads two; may be given several times.",
)
@click.option(
    "--file",
    type=options.FILE,
    help="Answer every line of this file.",
)
@options.runtime("The engine that runs MODEL, as openvino.  [default: the file's own]")
@options.as_json("Print one JSON object a text.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Labels to show, or sentences of a summary.",
)
@click.option(
    "--whole",
    is_flag=True,
    help="Tag texts of any length, in windows that overlap.",
)
def command(
    model: Path,
    texts: tuple[str, ...],
    pairs: tuple[tuple[str, str], ...],
    file: Path | None,
    runtime: str | None,
    as_json: bool,
    top: int,
    whole: bool,
) -> None:
    """Answer TEXTS, the lines of a --file, or the lines of stdin, by MODEL (.pt, .onnx, .pte).

    A model of two texts takes --pair, or both texts in one with a tab between them.
    """
    if texts and file is not None:
        raise click.UsageError("give texts or --file, not both")
    if pairs and (texts or file is not None):
        raise click.UsageError("give --pair alone, or texts or --file without it")

    from edgetext.predictor import load

    predictor = load(model, runtime=runtime)
    given = (tuple(map(os.fsencode, pair)) for pair in pairs) if pairs else None
    # Who writes to stdin may wait for each answer.
    at_once = (predictor.metadata.batch or 1) if texts or file is not None else 1
    asked_for = iter(given or _asked(predictor, texts, file))
    while block := list(islice(asked_for, at_once)):
        for asked, answer in zip(block, predictor.predict_many(block, whole=whole), strict=True):
            if as_json:
                fields = answer.as_json(asked[0], top, *asked[1:])
                click.echo(json.dumps(fields, ensure_ascii=False))
            else:
                click.echo(answer.as_line(asked[-1], top))


def _asked(
    predictor: Predictor, texts: tuple[str, ...], file: Path | None
) -> Iterator[tuple[bytes, ...]]:
    """What each call of the model is asked: a text, or the two of a line."""
    from edgetext.core.errors import EdgetextError

    for number, line in enumerate(_inputs(texts, file), start=1):
        if len(predictor.task.inputs) == 1:
            yield (line,)
            continue
        both = line.split(b"\t")
        if len(both) != 2:
            where = f"text {number}" if texts else f"{file or 'stdin'}:{number}"
            raise EdgetextError(
                f"{where}: {predictor.path} reads two texts and this has {len(both)} column(s); "
                "write both with one tab between them"
            )
        yield both[0], both[1]


def _inputs(texts: tuple[str, ...], file: Path | None) -> Iterator[bytes]:
    if texts:
        # What the shell gave, byte for byte, invalid UTF-8 included.
        yield from map(os.fsencode, texts)
        return
    if file is not None:
        from edgetext.core.files import read_bytes

        lines = read_bytes(file).split(b"\n")
        yield from (line.rstrip(b"\r") for line in lines[: len(lines) - (not lines[-1])])
        return
    if sys.stdin is None:
        raise click.UsageError("stdin is closed; give texts or --file")
    if sys.stdin.isatty():
        click.echo("type a text and press Enter; Ctrl-D ends", err=True)
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n")
