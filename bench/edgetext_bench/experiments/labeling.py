"""How fast `edgetext label` is beside the session alone, and how much memory it takes.

    python -m edgetext_bench.experiments.labeling snips_joint FILE... [--rows 100000] [--rounds 5]
        [--memory 100000 1000000] [--formats parquet]

The session alone is `session.run` of ONNX Runtime on uint8[1, n] and the making of that array of a
line's bytes, in this process, on one thread; nothing looks at what it gives. `label` is the whole
command in a process of its own, with its start, one look at all lines, the answers, their columns
and the file. Both are asked the same lines, a recipe's texts in an order that is drawn anew, in
turns; with --rounds 0 neither is. Rates are of processor time, which other work on the machine
disturbs less, and of the clock. With --memory the peak of resident memory is printed for files of
so many short lines, in MiB, of the last FILE.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import click

from edgetext.predictor import as_array, load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_split
from edgetext_bench.experiments.measured_process import measured

SPLITS = ("train", "valid", "test")
SUFFIXES = ("jsonl", "csv", "parquet")
Seconds = tuple[float, float]


def lines_of(recipe: str, count: int) -> list[bytes]:
    """Give so many texts of a recipe's, again and again, in a drawn order."""
    examples = [e for split in SPLITS for e in load_split(Recipe.load(recipe), split)]
    texts = [example.text.replace("\n", " ").encode() for example in examples]
    random.Random(0).shuffle(texts)
    return list(islice(cycle(texts), count))


def alone(model: Path, lines: Sequence[bytes]) -> Seconds:
    """Give the seconds (processor, clock) that the session takes for all lines, loading aside."""
    predictor = load(model)
    session = predictor.session.session  # type: ignore[attr-defined]
    names, limit = [output.name for output in session.get_outputs()], predictor.metadata.max_bytes
    begun, spent = time.perf_counter(), time.process_time()
    for line in lines:
        session.run(names, {"text": as_array(line, limit)})
    return time.process_time() - spent, time.perf_counter() - begun


def labeled(model: Path, file: Path, suffix: str, workers: int = 1) -> tuple[Seconds, int]:
    """Give the seconds (processor, clock) of the whole command, and its peak of resident KiB."""
    output = file.with_suffix(f".out.{suffix}")
    command = [sys.executable, "-m", "edgetext", "label", str(model), str(file), "--force"]
    spent = measured([*command, "--workers", str(workers), "-o", str(output)])
    output.unlink()
    return (spent.processor, spent.clock), spent.peak


def main() -> None:
    """Print a table of rates, and one of memory."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("recipe")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, nargs="*", default=[])
    parser.add_argument("--formats", choices=SUFFIXES, nargs="+", default=SUFFIXES)
    given = parser.parse_args()
    model = given.files[0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.txt"
        if given.rounds:
            lines = lines_of(given.recipe, given.rows)
            file.write_bytes(b"".join(line + b"\n" for line in lines))
            ways = [(path, suffix) for path in given.files for suffix in given.formats]
            click.echo("\n".join(rates(model, ways, lines, file, given.rounds)))
        for rows in given.memory:
            with file.open("w") as numbered:
                numbered.writelines(f"play song {number}\n" for number in range(rows))
            peaks = [labeled(given.files[-1], file, suffix)[1] for suffix in given.formats]
            click.echo(f"| {rows:,} | {' | '.join(f'{peak / 1024:,.0f}' for peak in peaks)} |")


def rates(
    model: Path,
    ways: Sequence[tuple[Path, str]],
    lines: Sequence[bytes],
    file: Path,
    rounds: int,
) -> list[str]:
    """Give a table of texts a second, medians of the rounds; the shares are of the session's rate
    right before."""
    bare: dict[tuple[Path, str], list[Seconds]] = {way: [] for way in ways}
    whole: dict[tuple[Path, str], list[Seconds]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in random.sample(ways, len(ways)):
            # Enough to see how fast the machine is just now.
            seconds = alone(model, lines[: len(lines) // 4])
            bare[way].append((4 * seconds[0], 4 * seconds[1]))
            whole[way].append(labeled(way[0], file, way[1])[0])
    rows = [
        "| | texts a second of processor time | of the clock | share of the session's rate, "
        "processor | least, largest | clock |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    count = len(lines)
    all_bare = [seconds for each in bare.values() for seconds in each]
    spent, clock = (median(count / seconds[i] for seconds in all_bare) for i in (0, 1))
    rows.append(f"| the session alone, {model.name} | {spent:,.0f} | {clock:,.0f} | 1 | | 1 |")
    for way, each in whole.items():
        spent, clock = (median(count / seconds[i] for seconds in each) for i in (0, 1))
        shares = [[b[i] / s[i] for b, s in zip(bare[way], each, strict=True)] for i in (0, 1)]
        rows.append(
            f"| label to .{way[1]}, {way[0].name} | {spent:,.0f} | {clock:,.0f} | "
            f"{median(shares[0]):.2f} | {min(shares[0]):.2f}, {max(shares[0]):.2f} | "
            f"{median(shares[1]):.2f} |"
        )
    return rows


if __name__ == "__main__":
    main()
