"""Made-up variants of the training texts that take turns while a student learns."""

from dataclasses import replace

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.recipe import DistillationConfig
from edgetext.training.batch_feed import HeldFeed
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.loop import TrainingInterruptedError
from edgetext.training.teachers import asked, teachers_of


class Numbers:
    """A training set whose batches are the texts themselves."""

    def __init__(self, examples):
        self.texts = [example.text for example in examples]

    def __len__(self):
        return len(self.texts)

    def row_batches(self, size, generator):
        return torch.arange(len(self)).split(size)

    def batch(self, index):
        return tuple(self.texts[row] for row in index.tolist())


def shown(splits, epochs):
    """What each epoch shows, and how often texts were encoded for that."""
    encoded = []

    def encode(examples):
        encoded.append(1)
        return Numbers(examples)

    feed = HeldFeed(splits, encode, 8, seed=1)
    return [list(feed.batches(epoch, 0)) for epoch in range(epochs)], len(encoded)


@pytest.fixture
def student(recipe, teacher):
    """student(splits, variants, ...): what is learnt, and how often the teacher ran for it."""
    recipe.student.distillation.hidden_weight = 0.0

    def learn(splits, variants, **options):
        changed = recipe.model_copy(deep=True)
        changed.student.distillation.variants = variants
        teachers = teachers_of([Model.load(teacher)], "joint")
        asked = []
        teachers[0].network.register_forward_hook(lambda *_: asked.append(1))
        learnt = distill([], changed, teachers=teachers, splits=splits, tested=False, **options)
        return learnt, len(asked)

    return learn


def test_epochs_take_turns_and_the_first_shows_the_texts_as_they_are(splits):
    own, _ = shown(splits, 6)
    turns, encoded = shown(replace(splits, variants=3), 6)
    assert encoded == 3
    assert turns[:3] == turns[3:] == own[:3]
    assert own[3] not in own[:3]


def test_an_epoch_that_a_run_goes_on_with_shows_what_it_would_have(splits):
    turns, _ = shown(replace(splits, variants=3), 6)
    feed = HeldFeed(replace(splits, variants=3), Numbers, 8, seed=1)
    assert list(feed.batches(5, 2)) == turns[5][2:]
    assert list(feed.batches(3, 0)) == turns[3]


def test_variants_of_texts_that_are_not_augmented_are_one(splits):
    plain = replace(splits, augment=None, variants=3)
    assert shown(plain, 4)[1] == 1


def test_a_teacher_is_asked_what_it_has_not_been_asked(splits, student):
    def augment(rng):
        return [replace(e, text=f"{e.text} please") for e in splits.train[:8]] + splits.train[8:]

    learnt, passes = student(replace(splits, augment=augment), 2)
    assert passes == 2  # 64 texts are one batch, and 8 another
    _, passes = student(splits, 2)
    assert passes == 1  # the same texts in another order
    assert learnt.header.recipe["student"]["distillation"]["variants"] == 2
    _, passes = student(splits, None)
    assert passes > 2


def test_a_run_that_goes_on_ends_with_the_same_weights(splits, student, tmp_path):
    whole, _ = student(splits, 2)

    def stop(epoch, metrics):
        if epoch == 3:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterruptedError):
        student(splits, 2, state=tmp_path / "state", after_epoch=stop)
    again, _ = student(splits, 2, state=tmp_path / "state", resume=True)
    assert all((again.tensors[name] == whole.tensors[name]).all() for name in whole.tensors)


def test_it_is_in_no_checkpoint_that_has_none():
    assert "variants" not in DistillationConfig().model_dump()


def test_hidden_states_are_not_kept(splits, recipe, teacher):
    recipe.student.distillation.variants = 2  # its hidden_weight is 0.1
    with pytest.raises(EdgetextError, match=r"student\.distillation\.variants: what is kept"):
        distill([Model.load(teacher)], recipe)


def test_answers_of_several_sets_are_those_of_one(splits, teacher):
    (one,) = teachers_of([Model.load(teacher)], "joint")
    first, both = (EncodedSet.of(one.model.header, e) for e in (splits.train[:9], splits.train))
    answered = {}
    asked(one, first, answered)
    count = len(answered)
    rows = asked(one, both, answered)
    assert count < len(answered) <= 64
    for row, expected in zip(rows, asked(one, both), strict=True):
        for name, scores in expected.items():
            torch.testing.assert_close(row[name], scores, rtol=1e-4, atol=1e-4)
