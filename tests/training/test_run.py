"""Training from a recipe: what it learns, repeats, resumes and refuses."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.model.checkpoint import Checkpoint
from edgetext.models import build_network
from edgetext.training import loop
from edgetext.training.distill import distill
from edgetext.training.golden import choose_golden
from edgetext.training.run import state_path, train


def same(one, other):
    return one.tensors.keys() == other.tensors.keys() and all(
        torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors
    )


def stop_after(monkeypatch, epochs):
    """Ctrl-C in the middle of the epoch that follows."""
    run_epoch, calls = loop.run_epoch, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) > epochs:
            raise KeyboardInterrupt
        return run_epoch(*arguments)

    monkeypatch.setattr(loop, "run_epoch", interrupted)


def test_it_learns_and_the_file_alone_builds_the_network(splits, recipe, tmp_path):
    recipe.training.epochs = 12
    train(recipe, state_path(tmp_path / "t.pt")).save(tmp_path / "t.pt")
    checkpoint = Checkpoint.load(tmp_path / "t.pt")
    header = checkpoint.header
    assert header.metrics["test"]["accuracy"] == 1.0
    assert header.metrics["test"]["span_f1"] > 0.8
    assert header.variant == "full" and header.task == "joint"
    assert header.history[0].metrics == header.metrics["test"]
    assert set(header.golden) <= {e.text for e in splits.test}
    network = build_network(header.recipe, len(header.pieces), header.labels)
    network.load_state_dict(checkpoint.tensors)
    assert [p.name for p in tmp_path.iterdir()] == ["t.pt"]


def test_same_seed_same_bytes_other_seed_other_bytes(splits, recipe, tmp_path):
    recipe.training.epochs = 2
    one, other = train(recipe), train(recipe)
    one.save(tmp_path / "1.pt")
    other.save(tmp_path / "2.pt")
    assert same(one, other)
    assert read_bytes(tmp_path / "1.pt") == read_bytes(tmp_path / "2.pt")
    recipe.seed = 2
    assert not same(one, train(recipe))


@pytest.mark.parametrize("average", [0.0, 0.9])
def test_a_resumed_run_equals_an_uninterrupted_one(splits, recipe, tmp_path, monkeypatch, average):
    recipe.training.ema_decay = average
    whole, state = train(recipe), tmp_path / "state"
    with monkeypatch.context() as patch:
        stop_after(patch, 3)
        with pytest.raises(EdgetextError, match=r"stopped after epoch 3 of 6.*--resume"):
            train(recipe, state)
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["state"]
    resumed = train(recipe, state, resume=True)
    assert same(whole, resumed)
    assert whole.header.metrics == resumed.header.metrics
    assert not state.exists()


def test_without_a_state_there_is_nothing_to_resume(splits, recipe, tmp_path, monkeypatch):
    with pytest.raises(EdgetextError, match="give `state`"):
        train(recipe, resume=True)
    stop_after(monkeypatch, 2)
    with pytest.raises(EdgetextError, match="stopped; nothing was written"):
        train(recipe)
    assert list(tmp_path.iterdir()) == []


def test_resuming_what_is_not_there_or_differs_is_refused(splits, recipe, tmp_path, monkeypatch):
    path = tmp_path / "state"
    with pytest.raises(EdgetextError, match="no interrupted run"):
        train(recipe, path, resume=True)
    with monkeypatch.context() as patch:
        stop_after(patch, 1)
        with pytest.raises(EdgetextError, match="stopped"):
            train(recipe, path)
    recipe.training.learning_rate = 0.02
    with pytest.raises(EdgetextError, match="another recipe"):
        train(recipe, path, resume=True)
    path.write_bytes(b"half")
    with pytest.raises(EdgetextError, match="cannot be read"):
        train(recipe, path, resume=True)


def test_stopping_in_the_first_epoch_leaves_nothing(splits, recipe, tmp_path, monkeypatch):
    stop_after(monkeypatch, 0)
    with pytest.raises(EdgetextError, match="first epoch"):
        train(recipe, tmp_path / "state")
    assert list(tmp_path.iterdir()) == []


def test_early_stopping_keeps_the_best_epoch(splits, recipe, tmp_path, monkeypatch):
    scores = iter([0.5, 0.9, 0.8, 0.7, 0.6, 0.95])
    for module in ("setup", "run"):
        monkeypatch.setattr(
            f"edgetext.training.{module}.score",
            lambda *_: {"frame_accuracy": next(scores), "accuracy": 0.0, "span_f1": 0.0},
        )
    recipe.training.patience = 2
    model = train(recipe)
    # Two epochs without a better one, then the test split's score.
    assert model.header.metrics["valid"]["frame_accuracy"] == 0.9
    assert model.header.metrics["test"]["frame_accuracy"] == 0.6


def test_a_loss_that_explodes_is_an_error(splits, recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "run_epoch", lambda *_: float("nan"))
    with pytest.raises(EdgetextError, match="learning_rate"):
        train(recipe, tmp_path / "state")
    assert list(tmp_path.iterdir()) == []


def test_a_student_with_its_own_vocabulary_learns_from_its_teacher(splits, recipe, tmp_path):
    teacher = train(recipe)
    recipe.training.epochs = recipe.student.training.epochs = 12
    student = distill([teacher], recipe, tmp_path / "state")
    header = student.header
    assert header.variant == "distilled"
    assert header.labels == teacher.header.labels
    assert len(header.pieces) < len(teacher.header.pieces)
    assert header.metrics["test"]["accuracy"] == 1.0
    assert header.metrics["test"]["span_f1"] > 0.6
    assert len(header.history) == 2 and header.history[1].parent_sha256 == teacher.digest()
    network = build_network(header.recipe, len(header.pieces), header.labels)
    network.load_state_dict(student.tensors)
    assert list(tmp_path.iterdir()) == []


def test_distilling_without_a_student_or_across_cases_is_refused(splits, recipe, tmp_path):
    recipe.training.epochs = 1
    teacher = train(recipe)
    recipe.student.text.lowercase = False
    with pytest.raises(EdgetextError, match="lowercase"):
        distill([teacher], recipe)
    recipe.student = None
    with pytest.raises(EdgetextError, match="no `student:`"):
        distill([teacher], recipe)


def test_golden_texts_spread_over_intents(splits):
    golden = choose_golden(splits.test, count=4)
    intents = [next(e.intent for e in splits.test if e.text == text) for text in golden]
    assert sorted(intents) == ["flight", "flight", "weather", "weather"]
    assert len(set(golden)) == 4
