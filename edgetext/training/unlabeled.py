"""Texts without labels, which a student learns from by its teachers' answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.lines import decode, read_lines
from edgetext.recipe import Recipe
from edgetext.registry import names
from edgetext.tasks.learner import decoder_of, learner_of
from edgetext.tasks.learning import Labels
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import BATCH_SIZE, decoded
from edgetext.training.splits import Splits
from edgetext.training.teachers import Teacher


@dataclass(frozen=True, slots=True)
class PseudoLabeled:
    """The examples that were kept, and how many texts were read."""

    examples: list[Example]
    read: int


def pseudo_labeled(
    files: Sequence[str],
    teachers: Sequence[Teacher],
    recipe: Recipe,
    splits: Splits,
    confidence: float,
) -> PseudoLabeled:
    """The files' texts with the teachers' answers as labels (Lee 2013), where all of them answer
    alike and each is as sure as `confidence`, 0 to 1, of every part of its answer.

    A text of the labeled splits is passed over: it has a label, or is there to measure with.
    EdgetextError for a task whose answers are no labels, and when nothing is left.
    """
    if not learner_of(recipe.task).learns_unlabeled:
        able = [name for name in names("learner") if learner_of(name).learns_unlabeled]
        raise EdgetextError(
            f"task {recipe.task} cannot learn from unlabeled text; {', '.join(able)} can"
        )
    texts = [e for name in files for e in _read(recipe.find(name))]
    known = {e.text for split in (splits.train, splits.valid, splits.test) for e in split}
    fresh = list({e.text: e for e in reversed(texts) if e.text not in known}.values())[::-1]
    labels = teachers[0].model.header.labels
    found = [_answered(teacher, fresh, recipe, labels) for teacher in teachers]
    kept = []
    for example, *given in zip(fresh, *found, strict=True):
        first = given[0][0]
        alike = all(e.labels == first.labels and e.spans == first.spans for e, _ in given)
        if alike and min(sure for _, sure in given) >= confidence:
            kept.append(replace(given[0][0], source=example.source))
    if not kept:
        raise EdgetextError(
            f"{', '.join(files)}: none of {len(texts):,} texts is new and answered with confidence "
            f"{confidence:g}; lower student.distillation.confidence, or give other texts"
        )
    return PseudoLabeled(kept, len(texts))


def _read(path: Path) -> Iterator[Example]:
    """A text a line; empty lines are passed over."""
    for number, row in read_lines(path):
        source = f"{path}:{number}"
        text = decode(row, source).strip()
        if text:
            yield Example(text, None, source=source)


def _answered(
    teacher: Teacher, texts: Sequence[Example], recipe: Recipe, labels: Labels
) -> list[tuple[Example, float]]:
    """Each text with the teacher's answer as its labels, and how sure the least sure part is."""
    learner = learner_of(recipe.task, labels)
    own = teacher.model.header.labels
    data = EncodedSet(texts, learner, teacher.vocabulary, own, recipe.text.max_bytes, strict=False)
    decoder = decoder_of(teacher.network, learner, own).eval()
    given: dict[int, tuple[Example, float]] = {}
    for index in data.rows_in_order(BATCH_SIZE):
        batch = data.batch(index)
        scores = teacher.scores(batch)
        sure = learner.sureness(scores, batch).tolist()
        found = decoded(teacher.network, decoder, data, index, scores)
        for i, answer, chance in zip(index.tolist(), found, sure, strict=True):
            given[i] = learner.task.as_example(texts[i].text, answer.brief()), chance
    return [given[i] for i in range(len(data))]
