"""What an intent costs beside a classifier of static vectors, as model2vec has them.

    pip install model2vec scikit-learn
    python -m edgetext_bench.experiments.static_vectors RECIPE FILE ... --tokenizer tokenizer.json

Its vectors are random, 256 numbers a piece of the tokenizer, since time alone is measured: a text's
vector is made by `StaticModel.encode`, and its label by scikit-learn's logistic regression, or by
the product alone. All answer in turns; µs of processor time, p50 over texts of the least of
--rounds calls.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_splits

Answer = Callable[[str], Any]
WIDTH, LEARNED, ASKED = 256, 2000, 100


def static_model(tokenizer: Path) -> Any:
    """A model2vec model of random vectors."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(tokenizer))
    made.no_padding()
    made.no_truncation()
    shape = made.get_vocab_size(), WIDTH
    return StaticModel(np.random.default_rng(0).standard_normal(shape).astype(np.float32), made)


def rivals(tokenizer: Path, texts: list[str], labels: list[str]) -> dict[str, Answer]:
    """Learn the linear model; give what answers one text, by name."""
    from sklearn.linear_model import LogisticRegression

    model = static_model(tokenizer)
    linear = LogisticRegression(max_iter=100).fit(model.encode(texts), labels)
    weight, bias = linear.coef_.T.astype(np.float32), linear.intercept_.astype(np.float32)
    return {
        "model2vec, scikit-learn": lambda text: linear.predict(model.encode([text])),
        "model2vec, the product alone": lambda text: linear.classes_[
            (model.encode([text]) @ weight + bias).argmax()
        ],
    }


def times(
    asked: dict[str, Callable[[str], Any]], texts: list[str], rounds: int
) -> dict[str, float]:
    """Microseconds by name."""
    least = {name: [float("inf")] * len(texts) for name in asked}
    for _ in range(rounds):
        for name, answer in asked.items():
            for place, text in enumerate(texts):
                start = time.process_time_ns()
                answer(text)
                taken = (time.process_time_ns() - start) / 1e3
                least[name][place] = min(least[name][place], taken)
    return {name: float(np.median(values)) for name, values in least.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    splits = load_splits(Recipe.load(given.recipe))
    learned = [example for example, _ in zip(splits.train, range(LEARNED), strict=False)]
    asked: dict[str, Answer] = {str(file): load(file).predict for file in given.files}
    labels = [str(example.intent) for example in learned]
    every = asked | rivals(given.tokenizer, [example.text for example in learned], labels)
    texts = [example.text for example in splits.test[:ASKED]]
    table = Table("", "µs")
    for name, value in times(every, texts, given.rounds).items():
        table.add_row(name, f"{value:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
