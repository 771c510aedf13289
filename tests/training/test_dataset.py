"""Examples as one matrix, and batches of like lengths."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.tasks.learner import learner_of
from edgetext.tasks.words import IGNORE
from edgetext.text.vocabulary import Vocabulary
from edgetext.training import dataset
from edgetext.training.dataset import MOST_PAIRS, EncodedSet
from edgetext.training.evaluation import answers
from edgetext.training.ragged import Ragged
from edgetext.training.splits import load_splits

LABELS = {"intent": ["go"], "tags": ["O", "B-a", "I-a", "B-b", "I-b"]}
JOINT = learner_of("joint")


@pytest.fixture
def vocabulary():
    return Vocabulary.train(["to the café de flore", "don't go"], size=60, lowercase=True)


def test_an_epoch_holds_every_row_once_and_pads_little(vocabulary):
    examples = [Example("to " * (1 + i % 9), "go", (), str(i)) for i in range(200)]
    data = EncodedSet(examples, JOINT, vocabulary, LABELS, 512)
    rows = data.row_batches(8, torch.Generator().manual_seed(1))
    assert sorted(torch.cat(rows).tolist()) == list(range(200))
    again = data.row_batches(8, torch.Generator().manual_seed(1))
    assert all(torch.equal(a, b) for a, b in zip(rows, again, strict=True))
    padding = sum(int((~b.mask).sum()) for b in data.batches(8, torch.Generator()))
    assert padding < 0.05 * int(data.length.sum())


@pytest.mark.parametrize(
    ("example", "word"),
    [
        (Example("to", "stay", (), "f:7"), "f:7.*'stay'"),
        (Example("to", "go", (Span("c", 0, 2),), "f:8"), "f:8.*'c'"),
    ],
)
def test_a_label_that_training_never_saw_names_its_line(vocabulary, example, word):
    with pytest.raises(EdgetextError, match=word):
        EncodedSet([example], JOINT, vocabulary, LABELS, 512)


def test_an_unknown_label_is_no_target_where_the_recipe_says_so(vocabulary):
    example = Example("to the café", "stay", (Span("c", 0, 2), Span("a", 7, 12)), "f:7")
    data = EncodedSet([example], JOINT, vocabulary, LABELS, 512, strict=False)
    assert data.examples == [example]
    assert data.targets["intent"].tolist() == [IGNORE]
    batch = data.batch(torch.tensor([0]))
    assert batch.targets["tags"][batch.first].tolist() == [0, 0, 1]


def tensors(value):
    """A tensor, or all that rows of different lengths have."""
    return [value.values, value.length] if isinstance(value, Ragged) else [value]


@pytest.mark.parametrize("name", ["joint", "parse", "multi", "lm"])
@pytest.mark.parametrize("training", [True, False])
def test_a_set_does_not_depend_on_how_many_texts_are_encoded_at_once(
    request, monkeypatch, name, training
):
    model = Model.load(request.getfixturevalue(name))
    examples = load_splits(Recipe.from_dict(model.header.recipe)).train
    made, labels = [], model.header.labels
    for portion in (1, 3, 1024):
        monkeypatch.setattr(dataset, "PORTION", portion)
        made.append(
            EncodedSet(examples, model.learner, model.vocabulary, labels, 64, training=training)
        )
    first, *others = made
    for other in others:
        assert other.examples == first.examples and len(other.encodings) == len(first.encodings)
        assert list(other.targets) == list(first.targets)
        for name in first.targets:
            pairs = zip(tensors(other.targets[name]), tensors(first.targets[name]), strict=True)
            assert all(torch.equal(one, two) for one, two in pairs), name
        assert torch.equal(other.ids.values, first.ids.values)
        assert torch.equal(other.first.values, first.first.values)


def test_long_texts_come_in_small_batches(vocabulary):
    """So that an attention's memory, which grows with their square, stays what it is."""
    sizes = [3, 400, 3, 30, 400, 3000, 30, 3]
    examples = [Example("to " * size, "go", (), str(size)) for size in sizes]
    data = EncodedSet(examples, JOINT, vocabulary, LABELS, 10_000)
    assert [index.tolist() for index in data.rows_in_order(2)] == [[0, 2], [7, 3], [6, 1], [4], [5]]
    many = EncodedSet(examples * 100, JOINT, vocabulary, LABELS, 10_000)
    for index in many.rows_in_order(128):
        assert len(index) == 1 or len(index) * int(many.length[index].max()) ** 2 <= MOST_PAIRS


def test_measured_answers_do_not_hold_the_scores_of_all_labels(joint):
    model = Model.load(joint)
    examples = [Example("book a flight to Rome", "flight", (), "f:1")]
    data = EncodedSet.of_model(model, examples)
    network = model.copied_network().eval()
    (whole,), (brief,) = answers(network, data), answers(network, data, whole=False)
    assert len(whole.scores) == len(model.header.labels["intent"]) and not brief.scores
    assert whole == brief
