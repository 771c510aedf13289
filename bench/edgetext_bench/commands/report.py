"""`edgetext bench report`: the results as a page."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


@click.command("report")
@click.argument("results", type=options.FILE)
@options.output("Where it goes; .html or .md.  [default: beside RESULTS, as .html]", metavar="FILE")
def command(results: Path, output: Path | None) -> None:
    """Write RESULTS, a file that `edgetext bench` wrote, as a page that needs no network."""
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text
    from edgetext_bench.report.markdown import markdown
    from edgetext_bench.report.page import page
    from edgetext_bench.rows import read_rows

    rows = read_rows(results)
    output = output or results.with_suffix(".html")
    if output.suffix not in (".html", ".md"):
        raise EdgetextError(f"{output}: a report is a .html or a .md file; name it so")
    if not any(row["status"] == "ok" for row in rows):
        raise EdgetextError(f"{results}: no cell in it was measured; run `edgetext bench` again")
    write_text(output, page(rows) if output.suffix == ".html" else markdown(rows))
    click.echo(f"wrote {output}")
