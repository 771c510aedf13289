"""`edgetext redact`: personal data out of a file or a stream, and back in by the map."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.redaction.style import Style

_KEEP = "keep"
_STDIN = "-"


@click.command("redact")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@options.option("--model", type=options.FILE, help="The model: .onnx, .pte or .pt.")
@options.option(
    "--with",
    "form",
    default="<LABEL>",
    show_default=True,
    metavar="FORM|hash|keep",
    help="What stands in the place of a span: FORM with its label for LABEL; `hash`, an HMAC of "
    "its value; `keep`: write the spans alone, a JSON object for each line that has some.",
)
@options.output("The file to write, whole or not at all.  [default: stdout]")
@options.option(
    "--map", "map_file", type=options.WRITTEN_FILE, help="Also write what each placeholder is."
)
@options.option("--restore", type=options.FILE, help="Put the values of this map back; no model.")
@options.option(
    "--key-file", type=options.FILE, help="The key of `hash`.  [default: a new one each run]"
)
@options.force("Overwrite files that are there.")
def command(
    file: Path,
    model: Path | None,
    form: str,
    output: Path | None,
    map_file: Path | None,
    restore: Path | None,
    key_file: Path | None,
    force: bool,
) -> None:
    """Redact FILE, or stdin where it is `-`, line by line, however long they are.

    Card numbers, IBANs and IP addresses are checked exactly beside the model.
    """
    _refuse(form, model, map_file, restore, key_file)
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import open_bytes

    for path in (output, map_file):
        if path is not None and path.exists() and not force:
            raise EdgetextError(f"{path}: there is such a file; give another, or --force")
    with ExitStack() as stack:
        if str(file) == _STDIN:
            source = cast(BufferedReader, sys.stdin.buffer)
        else:
            source = stack.enter_context(open_bytes(file))
        if restore is not None:
            parts = _restored(source, restore)
        else:
            style = _style(form, key_file, map_file is not None)
            parts = _redacted(source, str(file), Path(str(model)), form, style)
            if map_file is not None:
                parts = _then_map(parts, map_file, style)
        _write(parts, output, str(file) == _STDIN)


def _refuse(
    form: str,
    model: Path | None,
    map_file: Path | None,
    restore: Path | None,
    key_file: Path | None,
) -> None:
    """UsageError for options that do not go together."""
    from edgetext.redaction.style import HASH

    if restore is not None and (model is not None or map_file is not None or key_file is not None):
        raise click.UsageError(
            "--restore puts values back; leave out --model, --map and --key-file"
        )
    if restore is None and model is None:
        raise click.UsageError("give --model, a file as the recipe pii_redact makes, or --restore")
    if form == _KEEP and map_file is not None:
        raise click.UsageError("--with keep replaces nothing, so there is no map; leave out --map")
    if key_file is not None and form != HASH:
        raise click.UsageError("--key-file is for --with hash")
    if sys.stdin is None:
        raise click.UsageError("stdin is closed; give a file")


def _style(form: str, key_file: Path | None, mapped: bool) -> Style:
    from edgetext.core.files import read_bytes
    from edgetext.redaction.style import HASHED, Style

    # Without a key, whoever guesses a value could prove it by its hash.
    key = read_bytes(key_file).strip() if key_file is not None else os.urandom(32)
    return Style(HASHED if form == _KEEP else form, key, mapped)


def _redacted(
    source: BufferedReader, name: str, model: Path, form: str, style: Style
) -> Iterator[bytes]:
    from edgetext.predictor import load
    from edgetext.redaction.stream import redacted, spans_as_json
    from edgetext.redaction.windows import Finder

    finder = Finder(load(model), style.literal())
    name = "stdin" if name == _STDIN else name
    if form == _KEEP:
        return spans_as_json(source, name, finder)
    return redacted(source, name, finder, style)


def _restored(source: BinaryIO, map_file: Path) -> Iterator[bytes]:
    from edgetext.redaction.stream import restored
    from edgetext.redaction.style import read_map

    return restored(source, *read_map(map_file))


def _write(parts: Iterator[bytes], output: Path | None, at_once: bool) -> None:
    """Write a whole file or none; to stdout as it comes, at once where the source is a stream."""
    from edgetext.core.files import atomic_path

    if output is None:
        for part in parts:
            sys.stdout.buffer.write(part)
            if at_once and part.endswith(b"\n"):
                sys.stdout.buffer.flush()
        return
    with atomic_path(output) as temporary, temporary.open("wb") as file:
        file.writelines(parts)


def _then_map(parts: Iterator[bytes], path: Path, style: Style) -> Iterator[bytes]:
    """The parts; after the last, the map is written so that nobody else can read it."""
    from edgetext.core.files import atomic_path

    yield from parts
    with atomic_path(path) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(style.as_json())
