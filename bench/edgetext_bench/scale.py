"""`bench scale`: networks of several widths and vocabularies, untrained, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.targets import catalog
from edgetext.timing.contenders import entries
from edgetext.timing.untrained import resized, small_recipe, untrained
from edgetext.timing.variants import write_variant
from edgetext.training.splits import Splits
from edgetext_bench.run import describe
from edgetext_bench.taking import Taking

WIDTHS = (32, 64, 128, 256, 512)
VOCABULARIES = (500, 1000, 2500, 6000)
# What a network's size changes; its answers are chance.
KINDS = ("latency", "network")


@dataclass(frozen=True, slots=True)
class Point:
    """A network to measure. width: of the encoder; vocabulary: pieces, at most. int8: with fixed
    steps in the convolutions that can have them."""

    width: int
    vocabulary: int
    int8: bool

    @property
    def name(self) -> str:
        return f"w{self.width}-v{self.vocabulary}-{'int8' if self.int8 else 'float32'}"


def points(recipe: Recipe, widths: Sequence[int], vocabularies: Sequence[int]) -> list[Point]:
    """Every width at the recipe's vocabulary and every vocabulary at the recipe's width, in
    float32 and int8."""
    base = small_recipe(recipe)
    fields = base.encoder.model_dump()
    if "hidden" not in fields:
        raise EdgetextError(
            f"recipe {recipe.name}: its encoder {base.encoder.type} has no field `hidden`, whose "
            "width could be changed; give a recipe with one of edgetext's own encoders"
        )
    width, vocabulary = int(fields["hidden"]), base.text.vocabulary
    pairs = [(x, vocabulary) for x in widths] + [(width, x) for x in vocabularies]
    return [Point(w, v, int8) for w, v in dict.fromkeys(pairs) for int8 in (False, True)]


def make(
    recipe: Recipe,
    splits: Splits,
    asked: Sequence[Point],
    folder: Path,
    say: Callable[[str], None] = lambda text: None,
) -> Iterator[Taking]:
    """The points' files in `folder`, written where they are not there yet, as contenders."""
    base = small_recipe(recipe)
    folder.mkdir(parents=True, exist_ok=True)
    for point in asked:
        checkpoint = folder / f"{point.name}.pt"
        if not checkpoint.exists():
            say(f"making {point.name}")
            sized = resized(base, point.vocabulary, point.width)
            untrained(sized, splits, point.int8, fixed=True).save(checkpoint)
        for suffix in catalog.measured_artifacts():
            path = checkpoint.with_suffix(suffix)
            if not path.exists():
                say(f"writing {path.name}")
                write_variant(checkpoint, path)
            predictor = load(path)
            pieces = predictor.metadata.fields["vocabulary_size"]
            network = {"width": point.width, "vocabulary": pieces, "asked": point.vocabulary}
            file: dict[str, Any] = {**describe(path, predictor), "network": network}
            (entry,) = entries([path])
            yield Taking(entry, file, predictor.task)


def groups(taking: Sequence[Taking]) -> list[list[Taking]]:
    """Those that take turns: of one runtime, and either of one width or of one vocabulary; all at
    once would not fit into the memory of a small machine."""
    grouped: dict[tuple[str, bool], list[Taking]] = {}
    vocabularies = Counter(one.file["network"]["asked"] for one in taking)
    ((held, _),) = vocabularies.most_common(1)
    for one in taking:
        same = one.file["network"]["asked"] == held
        grouped.setdefault((one.entry.runtime, same), []).append(one)
    return list(grouped.values())
