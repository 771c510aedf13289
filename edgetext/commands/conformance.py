"""`edgetext conformance`: does a file answer in an engine as the checkpoint that it was made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from edgetext.commands import options

# How many of the texts that are answered otherwise are named.
_NAMED = 3


@click.command("conformance")
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@click.option(
    "--against",
    type=options.FILE,
    metavar="CHECKPOINT",
    help="The checkpoint to compare with.  [default: that which a file was made of, beside it]",
)
@options.runtime(
    "The engine that runs the files, as openvino; may be given again.  [default: each file's own]",
    multiple=True,
)
@click.option(
    "--texts",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
    help="How many seeded texts are asked beside the golden examples and the fixed edge cases.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--data",
    type=options.FILE,
    help="Also ask the texts of this file (labeled examples, or a text a line as .txt), and make "
    "seeded ones of them.",
)
@click.option("--json", "rows_file", type=options.WRITTEN_FILE, help="Write rows, as JSON Lines.")
@click.option(
    "--table",
    "page",
    type=options.WRITTEN_FILE,
    metavar="FILE.md",
    help="Write the table in Markdown, a line an engine and release; a page that has it keeps the "
    "rest.",
)
def command(
    files: tuple[Path, ...],
    against: Path | None,
    runtime: tuple[str, ...],
    rows_file: Path | None,
    page: Path | None,
    **asking: Any,
) -> int:
    """Ask FILES (.onnx, .ort, .pte) in an engine their golden examples and texts of every sort,
    and hold the answers to the checkpoint's.

    An answer is equal (each number to 0.001), near (the same, with a score within 0.05),
    borderline (another, where the checkpoint itself ties, or answers otherwise under
    another rounding of int8) or other. Exit status 1 when one is other.

    \b
    edgetext conformance student-int8.onnx --runtime openvino --table conformance.md
    """
    from edgetext.conformance.engines import engines
    from edgetext.conformance.replay import Asking, Conformance
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text

    if page is not None and page.suffix != ".md":
        raise EdgetextError(f"--table {page}: the table is Markdown; name it FILE.md")
    rows = list(Conformance(Asking(**asking), against).rows(engines(files, runtime)))
    _print(rows)
    if rows_file is not None:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        write_text(rows_file, "".join(lines))
        click.echo(f"wrote {rows_file}")
    if page is not None:
        _write_page(page, rows)
        click.echo(f"wrote {page}")
    return 1 if any(row[part]["other"] for row in rows for part in ("golden", "texts")) else 0


def _print(rows: Sequence[dict[str, Any]]) -> None:
    from edgetext.conformance.table import by_task, engine_of
    from edgetext.core.tables import aligned

    click.echo(aligned(*by_task(rows)))
    for row in rows:
        named = [entry for entry in row["first"] if entry["likeness"] == "other"][:_NAMED]
        for entry in named:
            texts = entry["text"] if isinstance(entry["text"], list) else [entry["text"]]
            click.echo(f"{row['file']['name']} in {engine_of(row)}, {entry['kind']}: "
                       f"{' | '.join(texts)} {entry['what']}")  # fmt: skip


def _write_page(page: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Put the rows into the table of a page, or of a new one."""
    from edgetext.conformance.table import in_page
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import read_bytes, write_text

    try:
        text = read_bytes(page).decode("utf-8") if page.exists() else ""
    except UnicodeDecodeError as error:
        raise EdgetextError(f"--table {page}: the page is not UTF-8; name another") from error
    write_text(page, in_page(text, rows))
