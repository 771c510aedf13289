"""Training words that each epoch cuts into other pieces: `training.segmentation`."""

import gzip
import json
from dataclasses import replace

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.recipe import Recipe, TextConfig
from edgetext.tasks.learner import learner_of
from edgetext.tasks.words import IGNORE
from edgetext.text.random_cuts import RandomCuts
from edgetext.training import setup as training_setup
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.distillation_set import DistillationSet
from edgetext.training.loop import TrainingInterruptedError
from edgetext.training.run import make_vocabulary, train
from edgetext.training.segmentation import random_cuts
from edgetext.training.teachers import teachers_of


@pytest.fixture
def encoded(splits, recipe):
    """The training examples in the ordinary cut, and what cuts them anew."""
    learner = learner_of(recipe.task)
    labels = learner.labels(splits.train)
    recipe.text.vocabulary = 60  # few words are one piece
    vocabulary = make_vocabulary(recipe.text, recipe, splits)
    data = EncodedSet(splits.train, learner, vocabulary, labels, 512, training=True)
    return data, RandomCuts(vocabulary, 0.3)


@pytest.fixture
def cut_sets(monkeypatch):
    """The sets that are cut anew, with their seeds, as they come."""
    seen = []
    cut_anew = EncodedSet.cut_anew

    def noted(self, cuts, seed):
        anew = cut_anew(self, cuts, seed)
        seen.append((seed, self, anew))
        return anew

    monkeypatch.setattr(EncodedSet, "cut_anew", noted)
    return seen


def same(one, other):
    return all(torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def rows(data):
    batch = data.batch(torch.arange(len(data)))
    return zip(batch.ids, batch.first, batch.mask, batch.targets["tags"], strict=True)


def test_targets_stay_at_the_first_pieces_of_words(encoded):
    data, cuts = encoded
    anew = data.cut_anew(cuts, (1,))
    assert int(anew.length.sum()) > int(data.length.sum())
    assert torch.equal(anew.targets["intent"], data.targets["intent"])
    before = list(rows(data))
    for (_, first, _, tags), (ids, later, mask, moved) in zip(before, rows(anew), strict=True):
        assert moved[later].tolist() == tags[first].tolist()
        assert (moved[~later] == IGNORE).all()
        assert ids[0] == 2 and not later[0] and mask[0]
    # What it was made of is as before.
    assert all(torch.equal(a[0], b[0]) for a, b in zip(before, rows(data), strict=True))


def test_epochs_differ_and_are_the_same_again(splits, recipe, cut_sets):
    recipe.training.segmentation = 0.2
    recipe.training.epochs = 3
    one, first = train(recipe), list(cut_sets)
    assert len({seed for seed, _, _ in first}) == 3
    texts = [anew.ids.values.tolist() for _, _, anew in first]
    assert texts[0] != texts[1] != texts[2]
    other = train(recipe)
    assert same(one, other)
    assert [anew.ids.values.tolist() for _, _, anew in cut_sets[3:]] == texts
    # Texts whose labels are known are answered in the ordinary cut, and so is the file.
    assert one.header.recipe["training"]["segmentation"] == 0.2
    recipe.training.segmentation = 0.0
    plain = train(recipe)
    assert not same(one, plain) and len(cut_sets) == 6
    assert plain.header.vocabulary == one.header.vocabulary


def test_validation_and_test_are_cut_as_ever(splits, recipe, monkeypatch):
    recipe.training.segmentation = 0.9
    recipe.training.epochs = 1
    judged = []
    judge = training_setup.judge

    def noted(network, data):
        judged.append(data.ids.values.tolist())
        return judge(network, data)

    monkeypatch.setattr(training_setup, "judge", noted)
    model = train(recipe)
    expected = [
        EncodedSet.of_model(model, split).ids.values.tolist()
        for split in (splits.valid, splits.test)
    ]
    assert judged == expected


def stopped_and_resumed(learn, state):
    """What is learnt at once, and with a stop after two epochs."""

    def stop(epoch, metrics):
        if epoch == 2:
            raise KeyboardInterrupt

    whole = learn()
    with pytest.raises(TrainingInterruptedError):
        learn(state=state, after_epoch=stop)
    return whole, learn(state=state, resume=True)


def test_a_run_that_goes_on_ends_with_the_same_weights(splits, recipe, tmp_path):
    recipe.training.segmentation = 0.2
    recipe.training.epochs = 4

    def learn(**options):
        return train(recipe, **options)

    assert same(*stopped_and_resumed(learn, tmp_path / "state"))


def test_the_teacher_reads_the_ordinary_cut(splits, recipe, teacher, cut_sets):
    student = recipe.student
    student.text = None  # student and teacher share a vocabulary, and so a set
    student.training.segmentation = 0.5
    student.training.epochs = 2
    model = Model.load(teacher)
    teachers = teachers_of([model], "joint")
    seen = []
    teachers[0].network.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    plain = replace(splits, augment=None)
    learnt = distill([], recipe, teachers=teachers, splits=plain, tested=False)
    assert learnt.header.recipe["training"]["segmentation"] == 0.5
    ordinary = {tuple(ids[mask].tolist()) for ids, _, mask, _ in rows(cut_sets[0][1])}
    marks = {0}
    for ids in seen:
        for row in ids:
            assert tuple(number for number in row.tolist() if number not in marks) in ordinary
    assert len(cut_sets) == 2


def test_what_the_teacher_remembers_is_of_the_same_words(splits, recipe, teacher):
    model = Model.load(teacher)
    learner = model.learner
    setup = training_setup.Setup(
        recipe, splits, learner, model.header.labels, model.vocabulary, model.network
    )
    whole = DistillationSet(setup, teachers_of([model], "joint"), splits.train, remembered=True)
    anew = whole.cut_anew(RandomCuts(model.vocabulary, 0.5), (1,))
    index = torch.tensor([5, 0, 17])
    before, after = whole.batch(index), anew.batch(index)
    assert after.student.ids.shape != before.student.ids.shape
    assert torch.equal(after.teachers[0].ids, before.teachers[0].ids)
    assert torch.equal(after.student.first.sum(1), after.teachers[0].first.sum(1))
    for name, scores in before.targets[0].items():
        assert torch.equal(scores, after.targets[0][name])
    loss = learner.soft_loss(
        model.network(after.student.ids, after.student.mask),
        after.targets[0],
        (after.student, after.teachers[0]),
        2.0,
        recipe.training,
    )
    assert torch.isfinite(loss)


def test_a_student_that_goes_on_ends_with_the_same_weights(splits, recipe, teacher, tmp_path):
    recipe.student.training.segmentation = 0.2
    recipe.student.training.epochs = 4
    recipe.student.distillation.hidden_weight = 0.0
    model = Model.load(teacher)

    def learn(**options):
        return distill([model], recipe, splits=replace(splits, augment=None), **options)

    assert same(*stopped_and_resumed(learn, tmp_path / "state"))


def test_streamed_texts_are_cut_a_part_at_a_time(tmp_path, cut_sets):
    lines = [
        json.dumps({"text": f"{word} {number}", "intent": word[0]})
        for number in range(20)
        for word in ("raining", "snowing", "sunny")
    ]
    with gzip.open(tmp_path / "train.jsonl.gz", "wt") as file:
        file.write("\n".join(lines))
    (tmp_path / "valid.jsonl").write_text("\n".join(lines[:9]))
    path = tmp_path / "s.yaml"
    path.write_text(
        "task: classify\n"
        "data: {type: jsonl, train: train.jsonl.gz, valid: valid.jsonl, test: valid.jsonl, "
        "stream: 32}\n"
        "text: {vocabulary: 80}\nencoder: {type: cnn, embedding: 8, hidden: 8}\n"
        "training: {epochs: 2, batch_size: 8, segmentation: 0.3, threads: 1}\nmonitors: []\n"
    )
    one = train(Recipe.load(path))
    seeds = [seed for seed, _, _ in cut_sets]
    assert len(set(seeds)) == len(seeds) > 4
    assert same(one, train(Recipe.load(path)))


def test_a_recipe_without_it_is_as_it_was(recipe):
    resolved = recipe.resolved()
    assert "segmentation" not in resolved["training"]
    assert "segmentation" not in resolved["student"]["training"]
    recipe.training.segmentation = 0.1
    assert recipe.resolved()["training"]["segmentation"] == 0.1


def refused(recipe, **changes):
    """The sentence with which a recipe is refused, by the sections that are changed."""
    changed = recipe.resolved()
    for path, value in changes.items():
        *parents, name = path.split("__")
        section = changed
        for parent in parents:
            section = section[parent]
        section[name] = value
    with pytest.raises(EdgetextError) as error:
        Recipe.from_dict(changed)
    return str(error.value)


def test_recipes_that_cannot_have_it_are_refused(recipe):
    given = {"training__segmentation": 0.1}
    assert "training.segmentation" in refused(recipe, training__segmentation=1.0)
    hashed = {"buckets": 100}
    sentence = refused(recipe, **given, text__hashed=hashed)
    assert "training.segmentation: words that are hashed have no pieces" in sentence
    assert "remove text.hashed" in sentence
    pretrained = {"type": "pretrained", "path": "folder"}
    sentence = refused(recipe, **given, encoder=pretrained)
    assert "training.segmentation: published weights" in sentence
    sentence = refused(recipe, student__training__segmentation=0.1, student__text__hashed=hashed)
    assert "student.training.segmentation: words that are hashed" in sentence


class Imported:
    """A tokenizer of another library."""


def test_what_a_recipe_does_not_tell_is_refused_before_training(recipe, splits):
    joint, lm = learner_of("joint"), learner_of("lm")
    vocabulary = make_vocabulary(recipe.text, recipe, splits)
    hashed = make_vocabulary(
        TextConfig.model_validate({"hashed": {"buckets": 100}}), recipe, splits
    )
    assert random_cuts(0.0, lm, hashed) is None
    assert random_cuts(0.1, joint, vocabulary) is not None
    for learner, given, words in (
        (lm, vocabulary, "task lm learns which piece comes next"),
        (joint, hashed, "words that are hashed have no pieces to cut"),
        (joint, Imported(), "a tokenizer that edgetext did not train"),
    ):
        with pytest.raises(EdgetextError, match=f"^training.segmentation: {words}"):
            random_cuts(0.1, learner, given)


def test_targets_inside_words_are_refused(encoded):
    data, cuts = encoded
    data.targets["tags"].values[:] = 1
    with pytest.raises(EdgetextError, match="targets at pieces inside words"):
        data.cut_anew(cuts, (1,))


@pytest.mark.parametrize("task", ["match", "qa"])
def test_marks_between_two_texts_stay(task, recipe, splits):
    vocabulary = make_vocabulary(recipe.text, recipe, splits)
    learner = learner_of(task)
    example = Example("is it cold in Paris tomorrow?", "same", text_b="cold in Oslo next week?")
    labels = {"intent": ["other", "same"], "tags": []}
    data = EncodedSet([example] * 20, learner, vocabulary, labels, 512, training=True)
    anew = data.cut_anew(RandomCuts(vocabulary, 0.5), (1,))
    assert int(anew.length.sum()) > int(data.length.sum())
    assert torch.equal(anew.first.sums(), data.first.sums())
    before, after = (x.batch(torch.arange(20)) for x in (data, anew))
    assert ((after.ids == 2).sum(1) == 2).all() and ((before.ids == 2).sum(1) == 2).all()
    for name, target in before.targets.items():
        assert torch.equal(target, after.targets[name])
