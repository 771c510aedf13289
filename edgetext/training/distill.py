"""`distill`: a small student learns from trained teachers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.model.header import Header
from edgetext.model.model import Model
from edgetext.models import Network, build_network
from edgetext.recipe import ComponentConfig, Recipe, StudentConfig, TextConfig
from edgetext.tasks.learner import learner_of
from edgetext.text.clusters import AUTO, chosen_scripts
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.tokenization import Tokenization, trained_vocabulary
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.distillation_run import DistillationRun
from edgetext.training.initial import Initial
from edgetext.training.loop import AfterEpoch, ignore
from edgetext.training.part_teachers import (
    PartTeacher,
    header_of_parts,
    part_teachers,
    teaches_parts,
)
from edgetext.training.run import make_vocabulary, set_threads
from edgetext.training.splits import Splits, load_splits, with_augmentation
from edgetext.training.teachers import Teacher, teachers_of
from edgetext.training.whole import check_whole

_log = logger(__name__)


def distill(
    models: Sequence[Model],
    recipe: Recipe,
    state: Path | None = None,
    resume: bool = False,
    *,
    teachers: Sequence[Teacher] = (),
    splits: Splits | None = None,
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
    folder: Path | None = None,
) -> Model:
    """Train the recipe's `student` on the recipe's data and the answers of `models`, its teachers.

    The labels are the first teacher's; where the recipe is one of several tasks and its teachers of
    one each, those of the data. The student's own vocabulary (`student.text`) must form
    words as the teachers' do, because tags are compared word by word.

    state: see `train`. teachers, splits: the models as such and the data, where they are there
    already. tested: whether the test split is measured. folder: see `train`. after_epoch: called
    with the number of epochs that are done and the metrics of the last. What it raises ends the
    training; the state to resume from stays.
    """
    of_parts = not teachers and teaches_parts(models, recipe)
    # What the teachers lack is told before what the recipe lacks.
    if not of_parts:
        teachers = teachers or teachers_of(models, recipe.task)
    student = _checked_student(recipe)
    set_threads(student.training)
    splits = student_splits(recipe, splits)
    if of_parts:
        labels = learner_of(recipe.task).labels(splits.train)
        teachers = part_teachers(models, recipe, labels)
        header = header_of_parts(recipe, splits, labels, models[0])
    else:
        header = _uncalibrated(teachers[0].model)
    if (student.distillation.precision or student.training.precision) == "bf16":
        teachers = [replace(teacher, mixed=True) for teacher in teachers]
    initial = Initial.of_student(recipe)
    resolved = student_recipe(recipe, initial)
    vocabulary = _student_vocabulary(recipe, teachers, splits, initial, resolved.text)
    torch.manual_seed(recipe.seed)
    network = build_network(resolved.resolved(), len(vocabulary), header.labels)
    check_smaller(network, teachers)
    if initial is not None:
        learner = learner_of(header.task, header.labels)
        initial.begin(network, splits.train, learner, header.labels, resolved)
    run = DistillationRun(
        teachers, network, vocabulary, header, teachers[0].model.digest(), resolved, splits,
        student.distillation, "distilled", tested, folder=folder,
        origin=() if initial is None else (initial.model.digest(),),
    )  # fmt: skip
    return run.learn(state, resume, after_epoch)


def _checked_student(recipe: Recipe) -> StudentConfig:
    """Give the recipe's student; EdgetextError where there is none, or one that is not distilled
    as it says."""
    student = recipe.student
    if student is None:
        raise EdgetextError(
            f"recipe {recipe.name} has no `student:` section; add one, or give --student"
        )
    if student.distillation.qat_epochs > student.training.epochs:
        raise EdgetextError(
            f"student.distillation.qat_epochs ({student.distillation.qat_epochs}) exceeds "
            f"student.training.epochs ({student.training.epochs}); lower it"
        )
    check_whole(student.training, "student.training")
    return student


def student_splits(recipe: Recipe, splits: Splits | None = None) -> Splits:
    """The recipe's splits, or those given, with the student's own augmentation."""
    augment = recipe.student.augment if recipe.student else None
    if augment is None:
        return splits or load_splits(recipe)
    if recipe.data is None:
        raise EdgetextError(
            f"recipe {recipe.name}: student.augment cannot serve several tasks; set augment in "
            "the data of each of `tasks:`"
        )
    data = recipe.data.model_copy(update={"augment": augment})
    changed = recipe.model_copy(update={"data": data})
    return load_splits(changed) if splits is None else with_augmentation(splits, changed)


def _student_vocabulary(
    recipe: Recipe,
    teachers: Sequence[Teacher],
    splits: Splits,
    initial: Initial | None,
    resolved: TextConfig,
) -> Tokenization:
    """The student's own vocabulary (`student.text`, or that of what it begins with), else the first
    teacher's; EdgetextError where it forms words in another way than a teacher's, or the task needs
    the teacher's.

    resolved: `text` of the student's recipe.
    """
    text = _own_text(recipe, teachers, initial, resolved)
    trained = [(t, t.vocabulary) for t in teachers if isinstance(t.vocabulary, Vocabulary)]
    if text is not None and text.hashed is not None:
        # Of words that are hashed no rule is a choice; DistillationSet compares the words.
        trained = []
    rules: dict[str, Any] = trained[0][1].rules if trained else {}
    fixed: dict[str, Any] = {}
    if text is not None:
        if trained and initial is None:
            fixed = fixed_rules(text, trained[0][1])
        rules = {**text.rules, "clusters": chosen_scripts(text.clusters), **fixed}
        if initial is not None and isinstance(initial.vocabulary, Vocabulary):
            rules = initial.vocabulary.rules
    # An imported teacher's tokenizer has rules of another kind.
    for teacher, vocabulary in trained:
        for name, value in rules.items():
            theirs = vocabulary.rules[name]
            if value != theirs:
                where = (
                    f"{initial.model}: its {name}"
                    if initial is not None
                    else f"{teachers[0].model}: its {name}"
                    if text is None or name in fixed
                    else f"student.text.{name}"
                )
                raise EdgetextError(
                    f"{where} is {_in_words(value)} but that of the vocabulary of {teacher.model} "
                    f"is {_in_words(theirs)}; make them equal"
                )
    pieces = teachers[0].vocabulary.pieces
    own = text is not None or any(t.vocabulary.pieces != pieces for t in teachers)
    if own and learner_of(recipe.task).same_pieces:
        raise EdgetextError(
            f"task {recipe.task} compares pieces with the teacher's, so a student cannot have a "
            "vocabulary of its own, nor teachers with several; remove "
            + ("student.text" if initial is None else "student.init")
        )
    if initial is not None:
        return initial.vocabulary
    if text is None and isinstance(teachers[0].vocabulary, HashedWords):
        return teachers[0].vocabulary
    if text is None:
        return trained_vocabulary(teachers[0].vocabulary, "a student without `student.text`")
    return make_vocabulary(text, recipe, splits, fixed)


def _own_text(
    recipe: Recipe, teachers: Sequence[Teacher], initial: Initial | None, resolved: TextConfig
) -> TextConfig | None:
    """What the student's own vocabulary is made by; None for the first teacher's."""
    if initial is not None:
        initial.check(learner_of(recipe.task))
        return resolved
    if isinstance(teachers[0], PartTeacher):
        return resolved  # no teacher's vocabulary was trained on the texts of all parts
    return recipe.student.text if recipe.student else None


def _uncalibrated(teacher: Model) -> Header:
    """The teacher's header, without what its scores are changed by before they are probabilities: a
    student's are others, and how high all of them are together nothing teaches it."""
    if teacher.header.calibration:
        _log.warning(
            "%s is calibrated, and its student is not, whose scores are others: run `edgetext "
            "calibrate` on the student, last of all",
            teacher,
        )
    return replace(teacher.header, calibration={})


def fixed_rules(text: TextConfig, teacher: Vocabulary) -> dict[str, Any]:
    """Give the rules for words that a student's recipe leaves open: they are as its teacher, which
    edgetext 0.1 may have trained, has them."""
    theirs = teacher.rules
    fixed = {"canonical": theirs["canonical"]}
    if text.clusters == AUTO or (text.clusters is True and theirs["clusters"]):
        fixed["clusters"] = theirs["clusters"]
    if text.look_alikes and theirs["look_alikes"]:
        fixed["own_scripts"] = theirs["own_scripts"]
    return fixed


def _in_words(value: bool | Sequence[str]) -> str:
    return str(value).lower() if isinstance(value, bool) else ", ".join(value) or "none"


def check_smaller(network: Network, teachers: Sequence[Teacher]) -> None:
    """EdgetextError when the student is larger than its largest teacher."""
    size = sum(p.numel() for p in network.parameters())
    largest = max(teacher.parameters for teacher in teachers)
    if size > largest:
        raise EdgetextError(
            f"the student has {size:,} parameters and its teacher {largest:,}; make it smaller "
            "(student.encoder, student.text.vocabulary), or train it from the labels"
        )


def student_recipe(recipe: Recipe, initial: Initial | None = None) -> Recipe:
    """The recipe with the student's encoder, head, text and training as the main ones; itself,
    where it has no student.

    initial: what the student begins with, where it was read already.
    So a checkpoint's header builds its own network, whether it was trained or distilled.
    """
    student = recipe.student
    if student is None:
        return recipe
    text = (student.text or recipe.text).model_copy(update={"max_bytes": recipe.text.max_bytes})
    initial = initial or Initial.of_student(recipe)
    if initial is not None:
        limit = TextConfig(max_bytes=recipe.text.max_bytes)
        text = initial.text(text if student.text else limit, "student.text")
    head = student.head or ComponentConfig(type=learner_of(recipe.task).task.head)
    # Where the teachers' scores are kept is no matter of the weights.
    kept_nowhere = student.distillation.model_copy(update={"cache": None})
    return recipe.model_copy(
        update={
            "encoder": student.encoder,
            "head": head,
            "text": text,
            "init": student.init,
            "training": student.training,
            "student": student.model_copy(update={"distillation": kept_nowhere}),
        }
    )
