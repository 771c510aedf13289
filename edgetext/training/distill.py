"""`distill`: a small student learns from trained teachers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.core.integers import ceil_div
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext.model.history import successor
from edgetext.models import Network, build_network
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import ComponentConfig, DistillationConfig, Recipe
from edgetext.tasks.learner import learner_of
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill_objective import DistillationObjective, LessonBatch
from edgetext.training.evaluation import score
from edgetext.training.loop import AfterEpoch, Job, better, fit, ignore
from edgetext.training.run import (
    describe,
    epoch_generator,
    fingerprint,
    make_vocabulary,
    set_threads,
    settle,
    state_path,
)
from edgetext.training.splits import Splits, load_splits, with_augmentation
from edgetext.training.teachers import Teacher, load_teachers
from edgetext.training.unlabeled import pseudo_labelled

_log = logger(__name__)

PRUNED = "pruned"


def distill(
    teacher_paths: Path | Sequence[Path],
    recipe: Recipe,
    output: Path,
    resume: bool = False,
    *,
    teachers: Sequence[Teacher] = (),
    splits: Splits | None = None,
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Checkpoint:
    """Train the recipe's `student` on the recipe's data and the teachers' answers; write `output`.

    The labels are the first teacher's. The student's own vocabulary (`student.text`) must form
    words as the teachers' do, because tags are compared word by word.

    teachers, splits: those of the paths and the data, where they are loaded already. tested:
    whether the test split is measured. after_epoch: called with the number of epochs that are done
    and the metrics of the last. What it raises ends the training; the state to resume from stays.
    """
    paths = [teacher_paths] if isinstance(teacher_paths, Path) else list(teacher_paths)
    teachers = teachers or load_teachers(paths, recipe.task)
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
    set_threads(student.training)
    splits = student_splits(recipe, splits)
    vocabulary = student_vocabulary(recipe, teachers, splits)
    resolved = student_recipe(recipe)
    torch.manual_seed(recipe.seed)
    labels = teachers[0].checkpoint.header.labels
    network = build_network(resolved.resolved(), len(vocabulary), labels)
    check_smaller(network, teachers)
    lesson = Lesson(
        teachers, teachers[0].checkpoint.header, sha256(teachers[0].path), resolved, splits,
        student.distillation, "distilled", tested,
    )  # fmt: skip
    return _learn(lesson, network, vocabulary, output, resume, after_epoch)


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


def student_vocabulary(recipe: Recipe, teachers: Sequence[Teacher], splits: Splits) -> Vocabulary:
    """The student's own vocabulary (`student.text`), else the first teacher's; EdgetextError where
    it forms words in another way than a teacher's, or the task needs the teacher's."""
    text = recipe.student.text if recipe.student else None
    rules = teachers[0].vocabulary.rules if text is None else text.rules
    for teacher in teachers:
        for name, value in rules.items():
            if value != teacher.vocabulary.rules[name]:
                where = (
                    f"{teachers[0].path}: its {name}" if text is None else f"student.text.{name}"
                )
                raise EdgetextError(
                    f"{where} is {str(value).lower()} but the vocabulary of {teacher.path} has the "
                    "opposite; make them equal"
                )
    pieces = teachers[0].vocabulary.pieces
    own = text is not None or any(t.vocabulary.pieces != pieces for t in teachers)
    if own and learner_of(recipe.task).same_pieces:
        raise EdgetextError(
            f"task {recipe.task} compares pieces with the teacher's, so a student cannot have a "
            "vocabulary of its own, nor teachers with several; remove student.text"
        )
    return teachers[0].vocabulary if text is None else make_vocabulary(text, recipe, splits)


def check_smaller(network: Network, teachers: Sequence[Teacher]) -> None:
    """EdgetextError when the student is larger than its largest teacher."""
    size = sum(p.numel() for p in network.parameters())
    largest = max(teacher.parameters for teacher in teachers)
    if size > largest:
        raise EdgetextError(
            f"the student has {size:,} parameters and its teacher {largest:,}; make it smaller "
            "(student.encoder, student.text.vocabulary), or train it from the labels"
        )


def recover(
    teacher_path: Path,
    start: Checkpoint,
    output: Path,
    epochs: int,
    learning_rate: float,
    splits: Splits | None = None,
    resume: bool = False,
    *,
    qat_epochs: int = 0,
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Checkpoint:
    """Train `start`, which `prune` cut out of a checkpoint, on a teacher's answers; write it.

    The teacher may be that checkpoint. What training does not improve is kept as it is.

    splits: what it learns from; by default the data of the checkpoint's recipe.
    qat_epochs: see DistillationConfig; tested, after_epoch: see `distill`.
    """
    own = Recipe.from_dict(start.header.recipe, source=str(teacher_path))
    teachers = load_teachers([teacher_path], own.task)
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = own.training.model_copy(update=changes)
    resolved = own.model_copy(update={"training": training})
    set_threads(training)
    network = build_network(start.header.recipe, len(start.header.pieces), start.header.labels)
    network.load_state_dict(start.tensors)
    distillation = DistillationConfig(soft_weight=0.9, qat_epochs=qat_epochs)
    splits = splits or load_splits(own)
    # The cut is in its history already, with what it answered before it was trained.
    *before, cut = start.header.history
    header = replace(start.header, history=tuple(before))
    lesson = Lesson(
        teachers, header, cut.parent_sha256, resolved, splits, distillation, PRUNED, tested,
        keeps=True,
    )  # fmt: skip
    torch.manual_seed(own.seed)
    vocabulary = Vocabulary.from_header(start.header.vocabulary)
    return _learn(lesson, network, vocabulary, output, resume, after_epoch)


def tune(
    source: Path,
    teacher_path: Path,
    output: Path,
    epochs: int,
    learning_rate: float,
    fake: FakeQuantization,
    splits: Splits | None = None,
    resume: bool = False,
    *,
    teachers: Sequence[Teacher] = (),
    tested: bool = True,
    after_epoch: AfterEpoch = ignore,
) -> Checkpoint:
    """Train the checkpoint `source` on, fake-quantized, on a teacher's answers (quantization-aware
    training); write it, its weights still float32.

    The teacher may be that checkpoint. What training does not improve, fake-quantized, is kept as
    it is.

    splits: by default the data of the checkpoint's recipe. teachers, tested, after_epoch: see
    `distill`.
    """
    checkpoint = Checkpoint.load(source)
    header = checkpoint.header
    own = Recipe.from_dict(header.recipe, source=str(source))
    teachers = teachers or load_teachers([teacher_path], own.task)
    changes = {"epochs": epochs, "learning_rate": learning_rate, "patience": 0}
    training = own.training.model_copy(update=changes)
    resolved = own.model_copy(update={"training": training})
    set_threads(training)
    vocabulary = Vocabulary.from_header(header.vocabulary)
    network = build_network(header.recipe, len(vocabulary), header.labels)
    network.load_state_dict(checkpoint.tensors)
    lesson = Lesson(
        teachers,
        header,
        sha256(source),
        resolved,
        splits or load_splits(own),
        DistillationConfig(soft_weight=0.9, qat_epochs=epochs),
        header.variant,
        tested,
        fake,
        keeps=True,
    )
    torch.manual_seed(own.seed)
    return _learn(lesson, network, vocabulary, output, resume, after_epoch)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Who teaches what: the resolved recipe is the learner's, `variant` what it becomes, `tested`
    whether the test split is measured. header, parent: of the checkpoint that it was made of.
    keeps: whether the learner stays as it was where training does not improve it."""

    teachers: Sequence[Teacher]
    header: Header
    parent: str | None
    recipe: Recipe
    splits: Splits
    distillation: DistillationConfig
    variant: str
    tested: bool
    fake: FakeQuantization = field(default_factory=FakeQuantization)
    keeps: bool = False


def _learn(
    lesson: Lesson,
    network: Network,
    vocabulary: Vocabulary,
    output: Path,
    resume: bool,
    after_epoch: AfterEpoch,
) -> Checkpoint:
    """Train the network on the lesson, write it as a checkpoint and return that."""
    recipe, teachers = lesson.recipe, lesson.teachers
    splits = _with_unlabeled(lesson)
    header, training = lesson.header, recipe.training
    labels = header.labels
    learner = learner_of(header.task, labels)
    task = learner.task
    describe(network, vocabulary, splits)

    def encode(examples: Sequence[Example], by: Vocabulary, training: bool = False) -> EncodedSet:
        limit, strict = recipe.text.max_bytes, recipe.strict
        return EncodedSet(examples, learner, by, labels, limit, strict, training=training)

    def encode_all(examples: Sequence[Example]) -> tuple[EncodedSet, ...]:
        """As the student reads them, then as each teacher does; equal vocabularies share a set."""
        made: dict[tuple[str, ...], EncodedSet] = {}
        for by in (vocabulary, *(teacher.vocabulary for teacher in teachers)):
            if tuple(by.pieces) not in made:
                made[tuple(by.pieces)] = encode(examples, by, True)
        keys = (vocabulary, *(teacher.vocabulary for teacher in teachers))
        return tuple(made[tuple(by.pieces)] for by in keys)

    train_sets = encode_all(splits.train)
    memories = []
    if _repeats(lesson):
        pairs = zip(teachers, train_sets[1:], strict=True)
        memories = [teacher.memory(splits.train, data) for teacher, data in pairs]
    valid_set = encode(splits.valid, vocabulary)
    size = training.batch_size

    def batches(epoch: int) -> Iterator[LessonBatch]:
        made_up = splits.augmented(epoch)
        own, *others = train_sets if made_up is None else encode_all(made_up)
        for index in own.row_batches(size, epoch_generator(recipe.seed, epoch)):
            seen = {id(other): other.batch(index) for other in others}
            wanted = tuple(memory.batch(index) for memory in memories)
            yield LessonBatch(own.batch(index), tuple(seen[id(other)] for other in others), wanted)

    judged_from = training.epochs - lesson.distillation.qat_epochs

    def before_epoch(epoch: int) -> None:
        if epoch >= judged_from:
            lesson.fake.start(network)

    parents = [sha256(teacher.path) for teacher in teachers]
    if lesson.fake.name:
        parents += [lesson.parent or "", lesson.fake.name]
    job = Job(
        objective=DistillationObjective(network, teachers, learner, lesson.distillation, training),
        network=network,
        batches=batches,
        steps=ceil_div(len(train_sets[0]), size),
        validate=lambda net: score(net, valid_set),
        monitor=task.monitor,
        fingerprint=fingerprint(recipe, splits, lesson.variant, *parents),
        config=training,
        state_path=state_path(output),
        resume_hint="the same command with --resume",
        before_epoch=before_epoch,
        judged_from=judged_from % training.epochs,
        after_epoch=after_epoch,
    )
    if lesson.keeps:
        # A learner that rounds from the beginning is judged by what it answers rounded.
        before_epoch(0)
    begun = _begun(network, valid_set) if lesson.keeps else None
    valid = fit(job, resume=resume)
    lesson.fake.stop(network)
    if begun is not None and not better(valid, begun[0], task.monitor):
        _log.info("the training did not improve on what it began with, which is kept")
        valid = begun[0]
        network.load_state_dict(begun[1])
    recipe = settle(network, recipe)
    metrics = {"valid": valid}
    if lesson.tested:
        metrics["test"] = score(network, encode(splits.test, vocabulary))
    checkpoint = successor(
        header,
        network.state_dict(),
        lesson.parent,
        lesson.variant,
        metrics,
        recipe=recipe.resolved(),
        vocabulary=vocabulary.to_header(),
        max_bytes=recipe.text.max_bytes,
    )
    checkpoint.save(output)
    return checkpoint


def _begun(network: Network, valid: EncodedSet) -> tuple[dict[str, float], dict[str, Tensor]]:
    """What a network answers before it is trained, which is shown, and its weights."""
    tensors = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    metrics = score(network, valid)
    note = " ".join(f"{name} {value:.4f}" for name, value in metrics.items())
    _log.info("before training  %s", note)
    return metrics, tensors


def _repeats(lesson: Lesson) -> bool:
    """Whether every epoch asks the teachers the same, and scores are all that it asks for."""
    config = lesson.distillation
    scores_alone = not config.hidden_weight and not config.relation_weight
    few = learner_of(lesson.recipe.task).few_scores
    return lesson.splits.augment is None and scores_alone and few


def _with_unlabeled(lesson: Lesson) -> Splits:
    """The lesson's splits, the teachers' answers to unlabelled texts among the training's."""
    files = lesson.distillation.unlabeled
    if files is None:
        return lesson.splits
    names = [files] if isinstance(files, str) else files
    confidence = lesson.distillation.confidence
    found = pseudo_labelled(names, lesson.teachers, lesson.recipe, lesson.splits, confidence)
    _log.info(
        f"{found.read:,} unlabelled texts, {len(found.examples):,} of them new and answered with "
        f"confidence {confidence:g}"
    )
    return lesson.splits.joined_by(found.examples)


def student_recipe(recipe: Recipe) -> Recipe:
    """The recipe with the student's encoder, head, text and training as the main ones; itself,
    where it has no student.

    So a checkpoint's header builds its own network, whether it was trained or distilled.
    """
    student = recipe.student
    if student is None:
        return recipe
    text = (student.text or recipe.text).model_copy(update={"max_bytes": recipe.text.max_bytes})
    head = student.head or ComponentConfig(type=learner_of(recipe.task).task.head)
    return recipe.model_copy(
        update={
            "encoder": student.encoder,
            "head": head,
            "text": text,
            "training": student.training,
        }
    )
