"""Texts as a student and its teachers read them."""

import random
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from edgetext.data.augment.noise import Noise, NoiseConfig
from edgetext.recipe import DistillationConfig
from edgetext.text.hashed.folding import Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.distillation_set import DistillationSet
from edgetext.training.run import train
from edgetext.training.setup import Setup
from edgetext.training.teachers import teachers_of


def test_rows_stand_for_the_same_texts_and_equal_vocabularies_share_a_set(splits, recipe):
    recipe.training.epochs = 1
    model = train(recipe)
    texts = [example.text for example in splits.train]
    smaller = Vocabulary.train(texts, size=60, **model.vocabulary.rules)
    teachers = teachers_of([model, model], "joint")
    header = model.header
    sets = {}
    for name, vocabulary in (("same", model.vocabulary), ("other", smaller)):
        setup = Setup(
            model.recipe(), splits, model.learner, header.labels, vocabulary, model.network
        )
        sets[name] = DistillationSet(setup, teachers, splits.train, remembered=name == "same")
        assert len(sets[name]) == len(splits.train)
    assert all(data is sets["same"].student for data in sets["same"].teachers)
    one, other = sets["other"].teachers
    assert one is other and one is not sets["other"].student

    batch = sets["other"].batch(torch.tensor([3, 0])).to(torch.device("cpu"))
    assert batch.targets == () and batch.teachers[0] is batch.teachers[1]
    assert batch.student.ids.shape != batch.teachers[0].ids.shape
    # A word each, however many pieces it has.
    assert batch.student.first.sum(1).equal(batch.teachers[0].first.sum(1))

    batch = sets["same"].batch(torch.tensor([3, 0]))
    scores = teachers[0].answer(batch.teachers[0])
    torch.testing.assert_close(batch.targets[0]["intent"], scores["intent"], rtol=1e-4, atol=1e-4)


@pytest.fixture
def setup(splits, recipe):
    """A network that is trained for an epoch, and what it reads with."""
    recipe.training.epochs = 1
    model = train(recipe)
    parts = model.recipe(), splits, model.learner, model.header.labels
    return Setup(*parts, model.vocabulary, model.network), teachers_of([model], "joint")


def ids(data):
    return data.batch(torch.arange(len(data))).ids


def test_teachers_read_a_noised_text_as_it_was(setup):
    setup, teachers = setup
    noise = Noise(NoiseConfig(share=0.5, typo=0.5), setup.splits.train)
    noised = noise(random.Random(1))
    data = DistillationSet(setup, teachers, noised, remembered=False)
    clean = setup.encode(setup.splits.train, training=True)
    assert ids(data.teachers[0]).equal(ids(clean))
    assert ids(data.student).equal(ids(setup.encode(noised, training=True)))
    assert not ids(data.student).equal(ids(clean))
    # What is compared word by word are the same words.
    assert data.student.first.sums().equal(data.teachers[0].first.sums())

    config = DistillationConfig(teachers_read="noised")
    data = DistillationSet(setup, teachers, noised, remembered=False, config=config)
    assert data.teachers[0] is data.student


def test_a_text_whose_words_noise_made_more_or_fewer_is_read_as_it_is_noised(setup):
    setup, teachers = setup
    one, other = setup.splits.train[:2]
    split = replace(one, text="is it", spans=(), clean=one)
    typo = replace(other, text=other.text.replace("i", "o", 1), clean=other)
    data = DistillationSet(setup, teachers, [split, typo], remembered=False)
    read = setup.encode([split, other], training=True)
    assert ids(data.teachers[0]).equal(ids(read))


def test_a_classifier_that_compares_no_words_always_sees_the_clean_text(setup):
    setup, teachers = setup
    one = setup.splits.train[0]
    split = replace(one, text="is it", spans=(), clean=one)
    setup.learner.task.needs_words = False
    try:
        data = DistillationSet(setup, teachers, [split], remembered=False)
        hidden = DistillationConfig(hidden_weight=1.0)
        compared = DistillationSet(setup, teachers, [split], remembered=False, config=hidden)
    finally:
        del setup.learner.task.needs_words
    assert ids(data.teachers[0]).equal(ids(setup.encode([one], training=True)))
    assert ids(compared.teachers[0]).equal(ids(compared.student))


def test_hashed_words_of_as_many_buckets_are_read_each_in_their_own_way(setup):
    """A teacher whose words are not folded cannot read the numbers of a student whose are."""
    setup, teachers = setup
    words = HashedWords(Grams(300, (2, 4), True))
    others = [HashedWords(Grams(300, (3, 4), True)), HashedWords(words.grams, Folding(()))]
    examples = [replace(e, text=e.text.replace("o", "о"), spans=()) for e in setup.splits.train]
    setup = replace(setup, vocabulary=words)
    network = teachers[0].network
    readers = [SimpleNamespace(vocabulary=other, network=network) for other in (*others, words)]
    data = DistillationSet(setup, readers, examples, remembered=False)
    assert data.teachers[2] is data.student and len({*map(id, data.teachers)}) == 3
    for reader, read in zip(readers, data.teachers, strict=True):
        alone = setup.encode(examples, reader.vocabulary, training=True)
        assert ids(read).equal(ids(alone))


def test_as_many_words_correspond_only_where_no_mark_was_left_out(setup):
    """A comma is a word, and "21" becomes two."""
    setup, teachers = setup
    one = replace(setup.splits.train[0], text="is it 21, please", spans=())
    heard = replace(one, text="is it twenty one please", clean=one)
    typed = replace(one, text="is ti 21, please", clean=one)
    data = DistillationSet(setup, teachers, [heard, typed], remembered=False)
    assert ids(data.teachers[0]).equal(ids(setup.encode([heard, one], training=True)))
