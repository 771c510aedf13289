"""How far the estimates are off where that can be seen: on the core that is here.

    python -m edgetext_bench.experiments.held_out MODEL.onnx … --recipe RECIPE --clock 4.4 --width 8

For each file: instructions of one answer, counted on an emulated x86 processor (which has no
AVX-512); the estimate from them, as for any other core; and the time of one answer here, the median
of the quietest round. Give files that devices.SHARES was not found on. Needs bench/arm64/setup, for
the plugin that counts.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.tables import aligned
from edgetext.recipe import Recipe
from edgetext.targets import catalog
from edgetext.tasks.task import task_of
from edgetext.timing import machine
from edgetext.timing.contenders import Entry
from edgetext.timing.counting import counting
from edgetext.timing.quietest import quietest
from edgetext.timing.texts import Question, questions, sample
from edgetext.timing.work import work
from edgetext.training.splits import load_split
from edgetext_bench.arm64.target import NotReady, find_root
from edgetext_bench.devices import Core, Estimate, estimate

TEXTS, ROUNDS = 20, 15
PROCESSOR = "max"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's instructions, its estimate and its time here, both in µs."""

    name: str
    instructions: int
    estimate: Estimate
    measured: float

    @property
    def middle(self) -> float:
        """Of the estimate's two ends, the geometric mean."""
        return math.sqrt(self.estimate.low * self.estimate.high)

    @property
    def within(self) -> bool:
        return self.estimate.low <= self.measured <= self.estimate.high


def check(path: Path, texts: list[Question], core: Core, plugin: Path) -> Checked:
    entry = Entry(path.name, str(path.resolve()), catalog.ways(path.suffix)[0].name)
    instructions = _count(entry, texts, plugin)
    made = estimate(core, work(path, [str(text) for text in texts]), instructions)
    return Checked(path.name, instructions, made, quietest(path, texts, ROUNDS))


def _count(entry: Entry, texts: list[Question], plugin: Path) -> int:
    qemu = ["qemu-x86_64", "-cpu", PROCESSOR]
    with counting(entry, texts[0], plugin, qemu, sys.executable, {}) as counter:
        return counter.an_answer(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--recipe", required=True, help="the recipe whose test split is asked")
    parser.add_argument("--clock", type=float, required=True, help="GHz of this core")
    parser.add_argument("--width", type=int, required=True, help="instructions it decodes a cycle")
    parser.add_argument("--fp32", type=float, default=32, help="its multiply-adds a cycle")
    parser.add_argument("--int8", type=float, default=128, help="its multiply-adds a cycle")
    parser.add_argument(
        "--bandwidth", type=float, default=200, help="GB/s of the cache that holds a small model"
    )
    given = parser.parse_args()
    recipe = Recipe.load(given.recipe)
    asked = task_of(recipe.task).questions(load_split(recipe, "test"))
    texts = questions(sample(asked, TEXTS, seed=1))
    # What one instruction of the emulated processor multiplies: 256 bits.
    core = Core(
        "here", machine.describe()["cpu"], given.clock, given.width, given.fp32, given.int8, 32,
        given.bandwidth, PROCESSOR, (), per_fp32=8,
    )  # fmt: skip
    plugin = find_root() / "libcount.so"
    checked = [check(path, texts, core, plugin) for path in given.files]
    rows = [
        [
            one.name, f"{one.instructions / 1e6:.2f}",
            f"{one.estimate.low:,.0f}–{one.estimate.high:,.0f}", f"{one.measured:,.0f}",
            f"{one.measured / one.middle:.2f}", "yes" if one.within else "no",
        ]
        for one in checked
    ]  # fmt: skip
    headings = ["file", "M instructions", "estimate µs", "measured µs", "÷ middle", "within"]
    sys.stdout.write(aligned(headings, rows) + "\n")


if __name__ == "__main__":
    try:
        main()
    except (EdgetextError, NotReady) as error:
        sys.stderr.write(f"held_out: {error}\n")
        sys.exit(2)
