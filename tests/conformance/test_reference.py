"""What the checkpoint answers, and which of its answers depend on rounding."""

import pytest
import torch

from edgetext.conformance.reference import answered, precision_of, reference
from edgetext.conformance.rounding import FLOAT_DRAWS, FLOAT_TIE, other_roundings
from edgetext.conformance.texts import Question
from edgetext.model.model import Model
from edgetext.models.quantized.layer import QuantizedLayer
from edgetext.targets.pytorch.session import PyTorchSession

# Texts near and far from what the tiny models know.
TEXTS = [b"book me a seat to Rome", b"will it rain", b"zzz", b"", b"\xff\xfe", b"? 7 \xe6\x9d\xb1"]


@pytest.fixture
def session(int8):
    return PyTorchSession(Model.load(int8))


def asked(session, texts=TEXTS):
    return answered(session.model.source, session, [Question("a text", (x,)) for x in texts])


def test_what_is_noted_of_a_text_does_not_depend_on_the_others(session):
    everything = asked(session)
    everything.settle(range(len(TEXTS)))
    for index in range(len(TEXTS)):
        alone = asked(session)
        alone.settle([index])
        assert alone.settled[index] == everything.settled[index]


def test_rounding_is_as_before_when_a_text_is_settled(session):
    rounded = [x for x in session.pipeline.modules() if isinstance(x, QuantizedLayer)]
    before = [module.rounding for module in rounded]
    truth = asked(session)
    # One whose answer every other rounding gives, and one that the first of them changes.
    truth.settle(range(len(TEXTS)))
    assert rounded and [module.rounding for module in rounded] == before
    assert not any(module._forward_pre_hooks for module in rounded)
    again = asked(session)
    assert all(map(truth.predictor.task.same, truth.answers, again.answers))


def test_nothing_of_a_float32_model_depends_on_rounding(joint):
    truth = reference(joint, 8)
    assert truth.precision == "float32" and len(truth.settled) == len(truth.questions)
    decided = [truth.predictor.task.is_decided(answer) for answer in truth.answers]
    assert truth.settled == decided


def test_scores_of_a_float32_model_are_moved_by_little_and_for_a_while(joint):
    pipeline = PyTorchSession(Model.load(joint)).pipeline
    read = pipeline.read(torch.tensor([list(TEXTS[0])], dtype=torch.uint8))
    network = pipeline.answer.network

    def scores():
        with torch.inference_mode():
            return network(read[0])["intent"]

    before = scores()
    moved = [(scores() - before).abs().max() for _ in other_roundings(pipeline)]
    most = FLOAT_TIE * (before.amax() - before.amin())
    assert len(moved) == FLOAT_DRAWS and 0 < max(moved) <= 1.01 * most
    assert torch.equal(scores(), before)


def test_precision_names_the_scheme(int8, hashed):
    assert precision_of(Model.load(int8).network) == "int8"
    assert precision_of(Model.load(hashed).network) == "int8 static"
    assert precision_of(torch.nn.Linear(2, 2)) == "float32"
