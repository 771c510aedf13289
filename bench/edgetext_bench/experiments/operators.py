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
    each = {path: owner(path.suffix).needs(path) for path in paths}
    return {path: needs for path, needs in each.items() if needs is not None}


def by_file(files: Mapping[Path, Needs]) -> list[str]:
    """Write a row a file: operators and kernels of how many, and how many pairs there are of an
    operator and a type of its elements. A row a runtime says which operators all files need
    together."""
    lines = ["| file | needs | operators with a type |", "| --- | --- | ---: |"]
    for path, needs in files.items():
        counts = ", ".join(f"{n:,} of {total:,} {name}" for name, n, total in needs.counts)
        lines.append(f"| `{path.parent.name}/{path.name}` | {counts} | {len(pairs(needs))} |")
    for runtime, same in by_runtime(files).items():
        names = {one.name for needs in same for one in needs.operators}
        (total,) = {total for needs in same for name, _, total in needs.counts[:1]}
        together = len(set().union(*map(pairs, same)))
        lines.append(f"| all, {runtime} | {len(names)} of {total:,} operators | {together} |")
    return lines


def pairs(needs: Needs) -> set[tuple[str, str]]:
    """Pair the names of a file's operators with each type of their elements."""
    return {(one.name, kind) for one in needs.operators for kind in one.types}


def by_runtime(files: Mapping[Path, Needs]) -> dict[str, list[Needs]]:
    """Put together what files of one runtime need."""
    runtimes = dict.fromkeys(needs.runtime for needs in files.values())
    return {
        runtime: [needs for needs in files.values() if needs.runtime == runtime]
        for runtime in runtimes
    }


def by_operator(files: Mapping[Path, Needs]) -> list[str]:
    """Write a row an operator, for each runtime: its types in any file, and how many need it."""
    lines = []
    for runtime, same in by_runtime(files).items():
        every = {one.name for needs in same for one in needs.operators}
        lines += ["", f"| {runtime} | types | files of {len(same)} |", "| --- | --- | ---: |"]
        for name in sorted(every):
            each = [one for needs in same for one in needs.operators if one.name == name]
            types = in_order(kind for one in each for kind in one.types)
            using = sum(any(one.name == name for one in needs.operators) for needs in same)
            lines.append(f"| `{name}` | {', '.join(types)} | {using} |")
    return lines


if __name__ == "__main__":
    needed = of_files([Path(name) for name in sys.argv[1:]])
    click.echo("\n".join([*by_file(needed), *by_operator(needed)]))
