"""`distill`: a small student learns from a trained teacher."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from edgetext.data.example import Example
from edgetext.errors import EdgetextError
from edgetext.files import sha256
from edgetext.models import Network, build_network
from edgetext.models.rounding import start_rounding, stop_rounding
from edgetext.recipe import ComponentConfig, DistillationConfig, Recipe, StudentConfig, TextConfig
from edgetext.tasks import task_of
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.checkpoint import Checkpoint
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill_objective import DistillationObjective, TwinBatch
from edgetext.training.evaluation import score
from edgetext.training.history import successor
from edgetext.training.loop import Job, fit
from edgetext.training.run import (
    describe,
    epoch_generator,
    fingerprint,
    make_vocabulary,
    set_threads,
    settle,
    state_path,
)
from edgetext.training.splits import Splits, load_splits


def distill(teacher_path: Path, recipe: Recipe, output: Path, resume: bool = False) -> Checkpoint:
    """Train the recipe's `student` on the recipe's data and the teacher's answers; write `output`.

    The labels are the teacher's. The student's own vocabulary (`student.text`) must form words as
    the teacher's does, because tags are compared word by word.
    """
    teacher = Checkpoint.load(teacher_path)
    student = recipe.student
    if student is None:
        raise EdgetextError(
            f"recipe {recipe.name} has no `student:` section; add one, or give --student"
        )
    if teacher.header.get("variant") == "int8":
        raise EdgetextError(
            f"{teacher_path}: an int8 checkpoint cannot teach; give the one that it came from"
        )
    if teacher.header["task"] != recipe.task:
        raise EdgetextError(
            f"{teacher_path}: the teacher's task is {teacher.header['task']} and the recipe's "
            f"{recipe.task}; give the recipe that the teacher was trained with"
        )
    if student.distillation.rounded_epochs > student.training.epochs:
        raise EdgetextError(
            f"student.distillation.rounded_epochs ({student.distillation.rounded_epochs}) exceeds "
            f"student.training.epochs ({student.training.epochs}); lower it"
        )
    set_threads(student.training)
    if student.augment is not None:
        if recipe.data is None:
            raise EdgetextError(
                f"recipe {recipe.name}: student.augment cannot serve several tasks; set augment in "
                "the data of each of `tasks:`"
            )
        data = recipe.data.model_copy(update={"augment": student.augment})
        recipe = recipe.model_copy(update={"data": data})
    splits = load_splits(recipe)
    labels = teacher.header["labels"]
    known = Vocabulary.from_header(teacher.header["vocabulary"])
    vocabulary = known
    if student.text is not None:
        for name, value in student.text.rules.items():
            if value != known.rules[name]:
                raise EdgetextError(
                    f"student.text.{name} is {str(value).lower()} but the teacher's vocabulary "
                    "has the opposite; make them equal"
                )
        if task_of(recipe.task).same_pieces:
            raise EdgetextError(
                f"task {recipe.task} compares pieces with the teacher's, so a student cannot have "
                "a vocabulary of its own; remove student.text"
            )
        vocabulary = make_vocabulary(student.text, recipe, splits)
    text = (student.text or recipe.text).model_copy(update={"max_bytes": recipe.text.max_bytes})
    resolved = student_recipe(recipe, student, text)
    torch.manual_seed(recipe.seed)
    network = build_network(resolved.resolved(), len(vocabulary), labels)
    return _learn(
        Lesson(teacher, teacher_path, resolved, splits, student.distillation, "distilled"),
        network,
        vocabulary,
        output,
        resume,
    )


def recover(
    teacher_path: Path,
    start: Checkpoint,
    output: Path,
    epochs: int,
    learning_rate: float,
    splits: Splits | None = None,
    resume: bool = False,
) -> Checkpoint:
    """Train `start`, which was cut out of a checkpoint, on that checkpoint's answers; write it.

    splits: what it learns from; by default the data of the checkpoint's recipe.
    """
    teacher = Checkpoint.load(teacher_path)
    own = Recipe.from_dict(start.header["recipe"], source=str(teacher_path))
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = own.training.model_copy(update=changes)
    resolved = own.model_copy(update={"training": training})
    set_threads(training)
    network = build_network(
        start.header["recipe"], len(start.header["vocabulary"]["pieces"]), start.header["labels"]
    )
    network.load_state_dict(start.tensors)
    distillation = DistillationConfig(temperature=2.0, soft_weight=0.9)
    lesson = Lesson(
        teacher, teacher_path, resolved, splits or load_splits(own), distillation, "pruned"
    )
    torch.manual_seed(own.seed)
    vocabulary = Vocabulary.from_header(start.header["vocabulary"])
    return _learn(lesson, network, vocabulary, output, resume)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Who teaches what: the resolved recipe is the learner's, `variant` what it becomes."""

    teacher: Checkpoint
    teacher_path: Path
    recipe: Recipe
    splits: Splits
    distillation: DistillationConfig
    variant: str


def _learn(
    lesson: Lesson, network: Network, vocabulary: Vocabulary, output: Path, resume: bool
) -> Checkpoint:
    """Train the network on the lesson, write it as a checkpoint and return that."""
    header, recipe, splits = lesson.teacher.header, lesson.recipe, lesson.splits
    labels, training = header["labels"], lesson.recipe.training
    task = task_of(header["task"], labels)
    known = Vocabulary.from_header(header["vocabulary"])
    network_of_teacher = build_network(header["recipe"], len(known), labels)
    network_of_teacher.load_state_dict(lesson.teacher.tensors)
    describe(network, vocabulary, splits)

    def encode(examples: Sequence[Example], by: Vocabulary, training: bool = False) -> EncodedSet:
        limit, strict = recipe.text.max_bytes, recipe.strict
        return EncodedSet(examples, task, by, labels, limit, strict, training=training)

    train_sets = (encode(splits.train, vocabulary, True), encode(splits.train, known, True))
    valid_set, test_set = encode(splits.valid, vocabulary), encode(splits.test, vocabulary)
    size = training.batch_size

    def batches(epoch: int) -> Iterator[TwinBatch]:
        made_up = splits.augmented(epoch)
        own, teachers = train_sets
        if made_up is not None:
            own, teachers = encode(made_up, vocabulary, True), encode(made_up, known, True)
        for index in own.row_batches(size, epoch_generator(recipe.seed, epoch)):
            yield TwinBatch(own.batch(index), teachers.batch(index))

    judged_from = training.epochs - lesson.distillation.rounded_epochs

    def before_epoch(epoch: int) -> None:
        if epoch >= judged_from:
            start_rounding(network)

    parent = sha256(lesson.teacher_path)
    job = Job(
        objective=DistillationObjective(
            network, network_of_teacher, task, lesson.distillation, training
        ),
        network=network,
        batches=batches,
        steps=-(-len(train_sets[0]) // size),
        validate=lambda net: score(net, valid_set),
        monitor=task.monitor,
        fingerprint=fingerprint(recipe, splits, lesson.variant, parent),
        config=training,
        state_path=state_path(output),
        resume_hint="the same command with --resume",
        before_epoch=before_epoch,
        judged_from=judged_from % training.epochs,
    )
    valid = fit(job, resume=resume)
    stop_rounding(network)
    recipe = settle(network, recipe)
    test = score(network, test_set)
    checkpoint = successor(
        header,
        network.state_dict(),
        parent,
        lesson.variant,
        {"valid": valid, "test": test},
        recipe=recipe.resolved(),
        vocabulary=vocabulary.to_header(),
        max_bytes=recipe.text.max_bytes,
    )
    checkpoint.save(output)
    return checkpoint


def student_recipe(recipe: Recipe, student: StudentConfig, text: TextConfig) -> Recipe:
    """The recipe with the student's encoder, head, text and training as the main ones.

    So a checkpoint's header builds its own network, whether it was trained or distilled.
    """
    head = student.head or ComponentConfig(type=task_of(recipe.task).head)
    return recipe.model_copy(
        update={
            "encoder": student.encoder,
            "head": head,
            "text": text,
            "training": student.training,
        }
    )
