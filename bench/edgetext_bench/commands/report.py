"""`edgetext bench report`: the results as a page."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


@click.command("report")
@click.argument("results", type=options.FILE)
@options.output(
    "Where it goes; .html, .md or .svg.  [default: beside RESULTS, as .html]", metavar="FILE"
)
def command(results: Path, output: Path | None) -> None:
    """Write RESULTS, a file that `edgetext bench` wrote, as a page that needs no network.

    As .svg it is one picture: times and bytes of each file beside the first one of its runtime.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text
    from edgetext_bench.report.markdown import markdown
    from edgetext_bench.report.page import page
    from edgetext_bench.report.picture import picture
    from edgetext_bench.rows import read_rows

    rows = read_rows(results)
    output = output or results.with_suffix(".html")
    writers = {".html": page, ".md": markdown, ".svg": picture}
    if output.suffix not in writers:
        raise EdgetextError(f"{output}: a report is a .html, a .md or a .svg file; name it so")
    if not any(row["status"] == "ok" for row in rows):
        raise EdgetextError(f"{results}: no cell in it was measured; run `edgetext bench` again")
    content = writers[output.suffix](rows)
    if not content:
        raise EdgetextError(
            f"{results}: a picture compares files of one runtime, and of none there are two; "
            "measure them in one run of `edgetext bench`"
        )
    write_text(output, content)
    click.echo(f"wrote {output}")
