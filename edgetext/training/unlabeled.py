"""Texts without labels, which a student learns from by its teachers' answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edgetext.core.console import bar
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
from edgetext.training.teachers import Answered, Teacher, by_row, keys_of


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
    answered: Sequence[Answered] = (),
) -> PseudoLabeled:
    """The files' texts with the teachers' answers as labels (Lee 2013), where all of them answer
    alike and each is as sure as `confidence`, 0 to 1, of every part of its answer.

    A text of the labeled splits is passed over: it has a label, or is there to measure with.
    answered: of each teacher, where its scores of the texts are kept, so that a set that has these
    texts asks for them no more; by default nowhere.
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
    known_to: Sequence[Answered | None] = answered or [None] * len(teachers)
    by_teacher = [
        _answered(teacher, fresh, recipe, labels, kept_in)
        for teacher, kept_in in zip(teachers, known_to, strict=True)
    ]
    kept = []
    for example, *given in zip(fresh, *by_teacher, strict=True):
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
    teacher: Teacher,
    texts: Sequence[Example],
    recipe: Recipe,
    labels: Labels,
    answered: Answered | None,
) -> list[tuple[Example, float]]:
    """Each text with the teacher's answer as its labels, and how sure the least sure part is."""
    learner = learner_of(recipe.task, labels)
    own = teacher.model.header.labels
    data = EncodedSet(texts, learner, teacher.vocabulary, own, recipe.text.max_bytes, strict=False)
    decoder = decoder_of(teacher.network, learner, own).eval()
    keys = [] if answered is None else keys_of(data)
    given: dict[int, tuple[Example, float]] = {}
    with bar() as progress:
        task = progress.add_task("texts without labels", total=len(data))
        for index in data.rows_in_order(BATCH_SIZE):
            batch = data.batch(index)
            scores = teacher.scores(batch)
            if answered is not None:
                rows = by_row(teacher.ordered(scores), data, index)
                answered.update((keys[row], one) for row, one in rows.items())
            sure = learner.sureness(scores, batch).tolist()
            found = decoded(teacher.network, decoder, data, index, scores)
            for i, answer, chance in zip(index.tolist(), found, sure, strict=True):
                given[i] = learner.task.as_example(texts[i].text, answer.brief()), chance
            progress.advance(task, len(index))
    return [given[i] for i in range(len(data))]
