"""How many of some planted label errors `edgetext errors` finds.

python -m edgetext_bench.experiments.label_errors RECIPE --folder DIR [--share 0.03] [--epochs 3]

A share of the training labels of a recipe of one label a text is changed, to other labels by
chance, in a copy of the data in DIR. A model is trained on the copy from its beginning (unless DIR
has one), so it has learned the wrong labels, too. Precision and recall are of the labels that
`edgetext errors DIR/model.pt --split train` lists: by the model's hidden vectors, and by runs of
characters, as of a file without these.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from edgetext.api.train import train
from edgetext.core.files import write_text
from edgetext.core.tables import aligned
from edgetext.data.example import Example
from edgetext.data.source import SPLITS
from edgetext.interpretation.label_issues import LabelIssue, of_vectors
from edgetext.interpretation.vectors import characters_of, vectors_of
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_split


def main() -> None:
    """Print a row a way of judging labels."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.03)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    recipe = Recipe.load(given.recipe)
    splits = {split: load_split(recipe, split) for split in SPLITS}
    changed = _changed(splits["train"], given.share, given.seed)
    splits["train"] = [
        replace(e, intent=changed.get(n, e.intent)) for n, e in enumerate(splits["train"])
    ]
    fields = _written(splits, given.folder)
    path = given.folder / "model.pt"
    if not path.exists():
        train(given.recipe, overrides=[*fields, f"training.epochs={given.epochs}"]).save(path)
    rows = []
    for name in ("hidden vectors", "characters"):
        start = time.perf_counter()
        examples = splits["train"]
        by_hidden = name == "hidden vectors"
        (vectors,) = vectors_of(load(path), examples) if by_hidden else characters_of([examples])
        judged = _judged(of_vectors(examples, vectors), set(changed))
        rows.append([name, *judged, f"{time.perf_counter() - start:.0f}"])
    sys.stdout.write(f"{len(changed)} of {len(splits['train'])} labels are wrong\n")
    sys.stdout.write(aligned(["by", "listed", "precision", "recall", "seconds"], rows) + "\n")


def _changed(examples: Sequence[Example], share: float, seed: int) -> dict[int, str]:
    """Draw the examples whose labels change, by their numbers, and the labels that they get."""
    rng = random.Random(seed)
    labels = sorted({str(example.intent) for example in examples})
    numbers = rng.sample(range(len(examples)), round(share * len(examples)))
    return {n: rng.choice([x for x in labels if x != examples[n].intent]) for n in numbers}


def _written(splits: dict[str, list[Example]], folder: Path) -> list[str]:
    """Write the splits, and give the fields of a recipe that reads them."""
    names = {}
    for split, examples in splits.items():
        rows = [{"text": e.text, "intent": e.intent} for e in examples]
        path = folder.resolve() / f"{split}.jsonl"
        write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        names[split] = str(path)
    return [f"data={json.dumps({'type': 'jsonl', **names})}"]


def _judged(issues: Sequence[LabelIssue], changed: set[int]) -> list[str]:
    listed = {issue.number for issue in issues}
    right = len(listed & changed)
    return [str(len(listed)), f"{right / max(1, len(listed)):.3f}", f"{right / len(changed):.3f}"]


if __name__ == "__main__":
    main()
