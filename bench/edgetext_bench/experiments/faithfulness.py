"""How faithful explanations of a checkpoint are, and how long one takes.

python -m edgetext_bench.experiments.faithfulness MODEL... [--recipe R] [--limit 200] [--random 3]

Of the search, of each baseline of integrated gradients and of occlusion: areas under the deletion
and insertion curves over words (interpretation.faithfulness), beside those of random orders. Times
are processor time, in that of one answer of the same checkpoint in eager PyTorch, from bytes, in
turn with the explanations.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import torch

from edgetext.core.tables import aligned
from edgetext.evaluation.whose_data import recipe_of
from edgetext.interpretation.explain import explain
from edgetext.interpretation.faithfulness import Case, Curves, Order, best_first, curves
from edgetext.interpretation.manner import Baseline, Manner
from edgetext.predictor import Predictor, load
from edgetext.training.splits import load_questions

BASELINES: tuple[Baseline, ...] = ("unknown", "padding", "zero", "mean")
T = TypeVar("T")


def main() -> None:
    """Print a table a model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--recipe", help="whose test split; by default the checkpoint's")
    parser.add_argument("--limit", type=int, default=200, help="texts, drawn from the split")
    parser.add_argument("--random", type=int, default=3, help="random orders a text")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for path in given.models:
        recipe = recipe_of(given.recipe, [path])
        examples = load_questions(recipe, "test")
        chosen = random.Random(1).sample(examples, min(given.limit, len(examples)))
        texts = [example.text.encode("utf-8") for example in chosen]
        sys.stdout.write(f"{path}, {len(texts)} texts\n{_table(load(path), texts, given.random)}\n")


def _table(predictor: Predictor, texts: Sequence[bytes], repeats: int) -> str:
    manners = {"search": Manner("search")}
    manners |= {f"gradients from {name}": Manner(baseline=name) for name in BASELINES}
    manners["gradients, 4 steps"] = Manner(steps=4)
    manners["occlusion"] = Manner("occlusion")
    cases, orders, times = _explained(predictor, texts, manners)
    rng = random.Random(2)
    drawn = [
        curves(predictor, cases, [rng.sample(range(len(c.ranges)), len(c.ranges)) for c in cases])
        for _ in range(repeats)
    ]
    chance = Curves(
        *(
            statistics.mean(getattr(each, name) for each in drawn)
            for name in ("deletion", "insertion", "floor")
        )
    )
    rows = [_row("random", chance, chance, "")]
    for name in manners:
        rows.append(_row(name, curves(predictor, cases, orders[name]), chance, times[name]))
    headings = ["order", "deletion", "random ÷ it", "above floor", "insertion", "answers' time"]
    return f"without a word {chance.floor:.3f}\n{aligned(headings, rows)}"


def _row(name: str, drawn: Curves, chance: Curves, took: str) -> list[str]:
    return [
        name,
        f"{drawn.deletion:.3f}",
        f"{drawn.times_better(chance):.2f}",
        f"{drawn.times_better_above_floor(chance):.2f}",
        f"{drawn.insertion:.3f}",
        took,
    ]


def _explained(
    predictor: Predictor, texts: Sequence[bytes], manners: dict[str, Manner]
) -> tuple[list[Case], dict[str, list[Order]], dict[str, str]]:
    """Explain each text in each manner, in turn with a plain answer."""
    cases: list[Case] = []
    orders: dict[str, list[Order]] = {name: [] for name in manners}
    seconds: dict[str, list[float]] = {name: [] for name in ("", *manners)}
    for text in texts:
        seconds[""].append(_timed(lambda text=text: predictor.predict(text))[0])  # type: ignore[misc]
        for name, manner in manners.items():
            took, explanation = _timed(
                lambda text=text, manner=manner: explain(predictor, [text], manner=manner)  # type: ignore[misc]
            )
            seconds[name].append(took)
            orders[name].append(best_first(explanation))
        ranges = tuple((part.start, part.end) for part in explanation.parts)
        cases.append(Case(text, explanation.goal, ranges))
    answer = statistics.median(seconds.pop(""))
    return cases, orders, {n: f"{statistics.median(s) / answer:.1f}" for n, s in seconds.items()}


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


if __name__ == "__main__":
    main()
