"""The task parse: spans and chains of trees, losses, metrics."""

import numpy as np
import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Node
from edgetext.data.trees import spans_of
from edgetext.models import build_network
from edgetext.recipe import TrainingConfig
from edgetext.tasks.answers.parse import TreeAnswer
from edgetext.tasks.learner import learner_of
from edgetext.tasks.learning import numbered
from edgetext.tasks.words import IGNORE
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import answers

NODES = (Node("A", 0, 11, 0), Node("B", 0, 2, 1), Node("B", 3, 11, 1), Node("C", 3, 11, 2))
EXAMPLES = [
    Example("go to there", None, source="f:1", nodes=NODES),
    Example("stay", None, source="f:2", nodes=(Node("A", 0, 4, 0), Node("C", 0, 4, 1))),
]
LEARNER = learner_of("parse")
TASK = LEARNER.task
LABELS = LEARNER.labels(EXAMPLES)


@pytest.fixture
def encoded():
    vocabulary = Vocabulary.train([e.text for e in EXAMPLES], size=60)
    torch.manual_seed(0)
    encoder = {"type": "bag", "embedding": 8, "hidden": 8}
    network = build_network(
        {"encoder": encoder, "head": {"type": "parse", "hidden": 8, "rank": 4, "dropout": 0}},
        len(vocabulary),
        LABELS,
    ).eval()
    return EncodedSet(EXAMPLES, LEARNER, vocabulary, LABELS, 64), network


def test_nodes_over_the_same_bytes_are_one_chain():
    assert spans_of(NODES) == [(0, 11, "A"), (0, 2, "B"), (3, 11, "B C")]
    assert LABELS["chains"] == ["B", "B C"] and LABELS["roots"] == ["A", "A C"]
    assert LEARNER.names(LABELS) == {"intent": [], "slots": [], "nodes": ["A", "B", "C"]}


def test_targets_count_words(encoded):
    data, _ = encoded
    batch = data.batch(torch.arange(2))
    assert batch.targets["root"].tolist() == [0, 1]
    assert batch.targets["spans"].tolist() == [[[0, 0, 0], [1, 2, 1]], [[IGNORE] * 3] * 2]


def test_a_chain_that_training_lacks_is_no_target(encoded):
    data, _ = encoded
    other = Example("go to there", None, nodes=(NODES[0], Node("C", 3, 5, 1)))
    targets = LEARNER.targets(other, data.encodings[0], numbered(LABELS))
    assert targets["spans"].tolist() == [[1, 1, IGNORE]]


def test_a_text_cut_to_nothing_has_no_targets(encoded):
    data, _ = encoded
    vocabulary = Vocabulary.train([e.text for e in EXAMPLES], size=60)
    targets = LEARNER.targets(EXAMPLES[0], vocabulary.encode(" "), numbered(LABELS))
    assert targets["root"] == IGNORE and targets["spans"].shape == (0, 3)
    assert data.learner is not None


def test_padding_changes_no_loss(encoded):
    data, network = encoded
    config = TrainingConfig()

    def loss(rows):
        batch = data.batch(torch.tensor(rows))
        return LEARNER.loss(network(batch.ids, batch.mask), batch, config)

    torch.testing.assert_close(loss([0, 1]), (loss([0]) + loss([1])) / 2)


def test_a_teacher_that_says_the_same_is_at_no_distance(encoded):
    data, network = encoded
    batch = data.batch(torch.arange(2))
    scores = network(batch.ids, batch.mask)
    other = {name: score + 0.5 * torch.randn_like(score) for name, score in scores.items()}
    config = TrainingConfig()

    def distance(wanted):
        return LEARNER.soft_loss(scores, wanted, (batch, batch), 2.0, config).item()

    assert distance(scores) == pytest.approx(0, abs=1e-5) and distance(other) > 0.01


def test_training_leads_to_the_trees(encoded):
    data, network = encoded
    network.train()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.03)
    batch = data.batch(torch.arange(2))
    for _ in range(80):
        optimizer.zero_grad()
        LEARNER.loss(network(batch.ids, batch.mask), batch, TrainingConfig()).backward()
        optimizer.step()
    found = answers(network.eval(), data)
    assert [answer.nodes for answer in found] == [e.nodes for e in EXAMPLES]
    assert TASK.measure(EXAMPLES, found) == {
        "exact_match": 1, "bracket_f1": 1, "well_formed": 1,
    }  # fmt: skip


def test_metrics():
    wrong = (NODES[0], Node("B", 0, 2, 1), Node("C", 3, 5, 1))
    crossing = (Node("A", 0, 4, 0), Node("C", 0, 5, 1))
    metrics = TASK.measure(EXAMPLES, [TreeAnswer(nodes=wrong), TreeAnswer(nodes=crossing)])
    assert metrics == {"exact_match": 0, "bracket_f1": 2 * 3 / (5 + 6), "well_formed": 0.5}
    assert TASK.measure([EXAMPLES[1]], [TreeAnswer(nodes=())])["well_formed"] == 0


def test_nodes_are_compared_where_their_bounds_are_the_same():
    answer = TreeAnswer(nodes=(NODES[0], Node("C", 3, 11, 1), Node("B", 3, 5, 2)))
    assert list(TASK.decisions(EXAMPLES[0], answer)) == [
        ("node", "B", ""),
        ("node", "A", "A"),
        ("node", "", "B"),
        ("node", "B", "C"),
        ("node", "C", ""),
    ]


def test_a_golden_answer_is_numbers():
    names = LEARNER.names(LABELS)
    answer = TreeAnswer(nodes=NODES, truncated=True)
    row = TASK.to_row(answer, names)
    assert row == {
        "nodes": [[0, 0, 11, 0], [1, 0, 2, 1], [1, 3, 11, 1], [2, 3, 11, 2]],
        "truncated": True,
    }
    assert TASK.from_row(row, names) == answer
    rows = np.array(row["nodes"], np.int32)[None]
    assert TASK.read((rows, np.ones(1, np.int32)), names) == answer


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        ([Example("go", "x", (), "f:7")], "f:7: the line has no tree"),
        ([Example("go", None, nodes=(Node("A", 0, 2, 0),))], "no tree of the training split"),
    ],
)
def test_what_cannot_be_learnt_from(examples, words):
    with pytest.raises(EdgetextError, match=words):
        LEARNER.labels(examples)
