"""Files of an imported model beside the pipeline of transformers, or sentence-transformers, on a
recipe's test split.

python -m edgetext_bench.experiments.imported FOLDER RECIPE FILES [--aggregation NAME] [--limit N]

A row a file: answers that are the same (labels; spans with their places; the cosine of vectors at
least 0.9999), the largest difference of a score, or the least cosine, and what the file and the
library reach by the recipe's own measure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from edgetext.data.example import Example, Span
from edgetext.predictor import Predictor, load
from edgetext.recipe import Recipe
from edgetext.tasks.answers.embed import VectorAnswer
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.text.encoding import character_starts
from edgetext.training.splits import load_questions

Answers = Sequence[Any]


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("recipe")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--aggregation", default="simple")
    parser.add_argument("--limit", type=int)
    given = parser.parse_args()
    examples = load_questions(Recipe.load(given.recipe), "test")[: given.limit]
    predictors = [load(file) for file in given.files]
    task = predictors[0].metadata.task
    theirs = LIBRARIES[task](given.folder, examples, given.aggregation)
    measured = predictors[0].task.measure(examples, theirs)
    sys.stdout.write(f"the library: {_in_words(measured)}\n")
    for predictor in predictors:
        sys.stdout.write(row(predictor, examples, theirs) + "\n")


def row(predictor: Predictor, examples: Sequence[Example], theirs: Answers) -> str:
    """Compare a file's answers."""
    ours = [predictor.predict(*example.texts) for example in examples]
    pairs = list(zip(ours, theirs, strict=True))
    same = sum(alike(one, other) for one, other in pairs)
    furthest = max(distance(one, other) for one, other in pairs)
    measured = predictor.task.measure(examples, ours)
    size = predictor.path.stat().st_size
    return (
        f"{predictor.path.name}: {same} of {len(pairs)} the same, scores within {furthest:.2e}; "
        f"{_in_words(measured)}; {size:,} bytes"
    )


def alike(one: Any, other: Any) -> bool:
    """Tell whether two answers say the same."""
    if isinstance(one, VectorAnswer):
        return bool(np.dot(one.vector, other.vector) >= 0.9999)
    return (one.intent, one.spans) == (other.intent, other.spans)


def distance(one: Any, other: Any) -> float:
    """Give the largest difference of a score; of vectors 1 minus the cosine."""
    if isinstance(one, VectorAnswer):
        return float(1 - np.dot(one.vector, other.vector))
    if not alike(one, other):
        return 0.0
    scores = [abs(a - b) for a, b in zip(one.span_scores, other.span_scores, strict=True)]
    scores += [abs(one.scores[name] - other.scores[name]) for name in other.scores]
    return max(scores, default=0.0)


def _in_words(measured: dict[str, float]) -> str:
    return ", ".join(f"{name} {100 * value:.2f}" for name, value in measured.items())


def labels(folder: Path, examples: Sequence[Example], aggregation: str) -> Answers:
    """Every label's probability, by the pipeline text-classification."""
    from transformers import pipeline

    pipe: Any = pipeline("text-classification", str(folder), top_k=None, truncation=True)
    answers = []
    for example in examples:
        given: Any = example.text
        if example.text_b is not None:
            given = {"text": example.text, "text_pair": example.text_b}
        scores = {entry["label"]: entry["score"] for entry in pipe([given])[0]}
        best = max(scores, key=scores.__getitem__)
        answers.append(LabelAnswer(best, scores[best], scores=scores))
    return answers


def spans(folder: Path, examples: Sequence[Example], aggregation: str) -> Answers:
    """The spans of the pipeline token-classification."""
    from transformers import pipeline

    pipe: Any = pipeline("token-classification", str(folder), aggregation_strategy=aggregation)
    answers = []
    for example in examples:
        rows, places = pipe(example.text), character_starts(example.text)
        answers.append(
            LabelAnswer(
                spans=tuple(
                    Span(row["entity_group"], int(places[row["start"]]), int(places[row["end"]]))
                    for row in rows
                ),
                span_scores=tuple(float(row["score"]) for row in rows),
            )
        )
    return answers


def vectors(folder: Path, examples: Sequence[Example], aggregation: str) -> Answers:
    """The vectors of sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    made = model.encode([example.text for example in examples], normalize_embeddings=True)
    return [VectorAnswer(tuple(vector.tolist())) for vector in made]


LIBRARIES: dict[str, Callable[[Path, Sequence[Example], str], Answers]] = {
    "classify": labels,
    "multi_label": labels,
    "match": labels,
    "tag": spans,
    "embed": vectors,
}


if __name__ == "__main__":
    main()
