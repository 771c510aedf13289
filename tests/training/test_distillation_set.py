"""Texts as a student and its teachers read them."""

import torch

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
