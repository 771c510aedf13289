"""What of its runtime each of some files needs, and all of them together, as Markdown.

python -m edgetext_bench.experiments.operators FILE...    .onnx, .ort and .pte
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from edgetext.targets.catalog import owner
from edgetext.targets.needs import Needs, in_order


def of_files(paths: Sequence[Path]) -> dict[Path, Needs]:
    """Give what each file needs; files of which their runtime does not tell are left out."""
    told = {path: owner(path.suffix).needs(path) for path in paths}
    return {path: needs for path, needs in told.items() if needs is not None}


def by_file(told: Mapping[Path, Needs]) -> list[str]:
    """Write a row a file: operators and kernels of how many, and the types of their elements."""
    lines = ["| file | runtime | needs | types |", "| --- | --- | --- | --- |"]
    for path, needs in told.items():
        counts = ", ".join(f"{n:,} of {total:,} {name}" for name, n, total in needs.counts)
        types = in_order(kind for one in needs.operators for kind in one.types)
        name = f"{path.parent.name}/{path.name}"
        lines.append(f"| `{name}` | {needs.runtime} | {counts} | {', '.join(types)} |")
    return lines


def by_operator(told: Mapping[Path, Needs]) -> list[str]:
    """Write a row an operator, for each runtime: its types in any file, and how many need it."""
    lines = []
    for runtime in dict.fromkeys(needs.runtime for needs in told.values()):
        files = [needs for needs in told.values() if needs.runtime == runtime]
        every = {one.name: one.types for needs in files for one in needs.operators}
        lines += ["", f"| {runtime} | types | files of {len(files)} |", "| --- | --- | ---: |"]
        for name in sorted(every):
            each = [one for needs in files for one in needs.operators if one.name == name]
            types = in_order(kind for one in each for kind in one.types)
            using = sum(any(one.name == name for one in needs.operators) for needs in files)
            lines.append(f"| `{name}` | {', '.join(types)} | {using} |")
    return lines


if __name__ == "__main__":
    needed = of_files([Path(name) for name in sys.argv[1:]])
    click.echo("\n".join([*by_file(needed), *by_operator(needed)]))
