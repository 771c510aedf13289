"""`edgetext inspect`: what is in a model file."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("inspect")
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(model: Path, as_json: bool) -> None:
    """Show what MODEL (.pt, .onnx, .pte) is: task, labels, metrics, history, its bytes by part."""
    from edgetext.runtime.anatomy import anatomy
    from edgetext.tables import aligned

    found = anatomy(model)
    if as_json:
        click.echo(
            json.dumps(
                {**found.facts, "parts": [{"part": n, "bytes": b} for n, b in found.parts]},
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    width = max(map(len, found.facts))
    for name, value in found.facts.items():
        if isinstance(value, dict):
            value = ", ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}"
                              for k, v in value.items())  # fmt: skip
        if isinstance(value, list):
            value = f"{len(value)}: {', '.join(map(str, value))}"
        click.echo(f"{name.ljust(width)}  {value}")
    click.echo()
    total = sum(size for _, size in found.parts)
    rows = [(name, f"{size:,}", f"{100 * size / total:.1f} %") for name, size in found.parts]
    click.echo(aligned(("where the bytes are", "bytes", "share"), rows))
