"""Training from a recipe: what it learns, repeats, resumes and refuses."""

import re
import signal
from dataclasses import replace

import pytest
import torch

from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.core.files import read_bytes
from edgetext.model.checkpoint import Checkpoint
from edgetext.models import build_network
from edgetext.tasks.metrics import Score
from edgetext.training import loop
from edgetext.training.distill import distill
from edgetext.training.distill_objective import DistillationObjective
from edgetext.training.evaluation import Judged
from edgetext.training.golden import choose_golden
from edgetext.training.kept import in_words
from edgetext.training.objective import SupervisedObjective
from edgetext.training.run import alone_at, make_vocabulary, state_path, train


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


def press_in_step(monkeypatch, objective, step, times=1):
    """Ctrl-C, once or twice, while the loss of a step (1-based, of all epochs) is computed."""
    forward, calls = objective.forward, []

    def pressed(self, batch):
        calls.append(1)
        for _ in range(times if len(calls) == step else 0):
            signal.raise_signal(signal.SIGINT)
        return forward(self, batch)

    monkeypatch.setattr(objective, "forward", pressed)


def judge_by(monkeypatch, value):
    """Every network has the frame accuracy that `value` gives, whatever it answers."""

    def judge(network, data):
        metrics = {"frame_accuracy": value(), "accuracy": 0.0, "span_f1": 0.0}
        return Judged(metrics, {"a": Score(0.0, 0.0, 0.0, 1)})

    monkeypatch.setattr("edgetext.training.setup.judge", judge)


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


# 8 steps an epoch: in the first epoch, in its last step, and in a later one.
@pytest.mark.parametrize(
    ("step", "epoch"),
    [
        pytest.param(1, 1, marks=pytest.mark.slow),
        (8, 1),
        pytest.param(20, 3, marks=pytest.mark.slow),
    ],
)
def test_a_run_that_is_resumed_within_an_epoch_writes_the_same_bytes(
    splits, recipe, tmp_path, monkeypatch, step, epoch
):
    state = tmp_path / "state"
    train(recipe).save(tmp_path / "whole.pt")
    with monkeypatch.context() as patch:
        press_in_step(patch, SupervisedObjective, step)
        sentence = rf"stopped within epoch {epoch} of 6; .*--resume goes on"
        with pytest.raises(StoppedError, match=sentence):
            train(recipe, state)
    train(recipe, state, resume=True).save(tmp_path / "resumed.pt")
    assert read_bytes(tmp_path / "whole.pt") == read_bytes(tmp_path / "resumed.pt")
    assert not state.exists()


def test_a_student_that_rounds_is_resumed_within_an_epoch(splits, recipe, tmp_path, monkeypatch):
    state, recipe.student.distillation.qat_epochs = tmp_path / "state", 2
    teacher = train(recipe)
    whole = distill([teacher], recipe)
    with monkeypatch.context() as patch:
        press_in_step(patch, DistillationObjective, 37)
        with pytest.raises(StoppedError, match="within epoch 5 of 6"):
            distill([teacher], recipe, state)
    resumed = distill([teacher], recipe, state, resume=True)
    assert same(whole, resumed) and whole.header.metrics == resumed.header.metrics


def test_a_run_that_was_killed_goes_on_from_its_last_state(splits, recipe, tmp_path, monkeypatch):
    recipe.training.state_minutes = 1e-9
    whole, state = train(recipe), tmp_path / "state"
    with monkeypatch.context() as patch:
        # The second Ctrl-C tears the step.
        press_in_step(patch, SupervisedObjective, 5, times=2)
        with pytest.raises(StoppedError, match="within epoch 1"):
            train(recipe, state)
    assert same(whole, train(recipe, state, resume=True))


def test_a_run_that_was_stopped_at_its_end_is_only_finished(splits, recipe, tmp_path, monkeypatch):
    scores = iter([0.5, 0.4, 0.3, 0.6])

    def value():
        score = next(scores)
        if score == 0.3:
            signal.raise_signal(signal.SIGINT)
        return score

    judge_by(monkeypatch, value)
    recipe.training.patience, state = 2, tmp_path / "state"
    with pytest.raises(StoppedError, match="after epoch 3 of 6"):
        train(recipe, state)
    metrics = train(recipe, state, resume=True).header.metrics
    assert [metrics[x]["frame_accuracy"] for x in ("valid", "test")] == [0.5, 0.6]


def judge_in_turn(monkeypatch, pairs):
    """The networks' metrics, all equal, and the F1 of their one label, one after the other."""
    left = iter(pairs)

    def judge(network, data):
        value, f1 = next(left)
        metrics = dict.fromkeys(("accuracy", "span_f1", "frame_accuracy"), value)
        return Judged(metrics, {"a": Score(f1, f1, f1, 1)})

    monkeypatch.setattr("edgetext.training.setup.judge", judge)


def test_the_recipe_says_what_chooses_the_epoch(splits, recipe, monkeypatch):
    recipe.training.epochs, recipe.training.monitor = 3, ["macro_f1"]
    # Before the training, to see which metrics there are; three epochs; the test split.
    judge_in_turn(monkeypatch, [(0, 0), (0.9, 0.1), (0.8, 0.6), (0.7, 0.5), (0.4, 0.3)])
    header = train(recipe).header
    assert (header.metrics["valid"]["accuracy"], header.metrics["valid"]["macro_f1"]) == (0.8, 0.6)
    assert header.metrics["test"]["macro_f1"] == header.history[0].metrics["macro_f1"] == 0.3
    assert header.recipe["training"]["monitor"] == ["macro_f1"]


def test_a_monitor_that_the_task_lacks_is_refused_at_once(splits, recipe):
    recipe.training.monitor = ["-macro_f2"]
    with pytest.raises(EdgetextError, match=r"no metric -macro_f2 \(known: accuracy, .*macro_f1"):
        train(recipe)


@pytest.mark.parametrize(
    ("pairs", "kept"),
    [
        ([(0.5, 0.1), (0.5, 0.3), (0.5, 0.2)], 2),
        ([(0.5, 0.1), (0.5, 0.3), (0.6, 0.2)], 3),
        ([(0.5, 0.1), (0.6, 0.2), (0.6, 0.3)], 2),
    ],
)
def test_where_all_epochs_are_equal_the_next_metric_decides(
    splits, recipe, monkeypatch, caplog, pairs, kept
):
    caplog.set_level("INFO", logger="edgetext")
    recipe.training.epochs = 3
    judge_in_turn(monkeypatch, [*pairs, (0.4, 0.4)])
    header = train(recipe).header
    assert f"kept epoch {kept} of 3" in caplog.messages[-1]
    assert "macro_f1" not in header.metrics["valid"] and "macro_f1" not in header.metrics["test"]
    assert "monitor" not in header.recipe["training"]


def test_the_last_line_says_what_was_kept(splits, recipe, caplog):
    caplog.set_level("INFO", logger="edgetext")
    recipe.training.epochs = 2
    metrics = train(recipe).header.metrics
    lines = [r.getMessage() for r in caplog.records]
    kept = re.fullmatch(r"kept epoch [12] of 2  valid: (.+) macro_f1 .+  test: (.+)", lines[-1])
    assert kept.groups() == tuple(in_words(metrics[split]) for split in ("valid", "test"))
    assert re.match(
        r"test macro F1 [01]\.\d{4}, of the labels: (\w+ [01]\.\d\d, )\w+ [01]\.\d\d$", lines[-2]
    )
    begin = next(i for i, line in enumerate(lines) if line.startswith("epoch 1/2"))
    assert re.search(r"  \d+ s left$", lines[begin]) and "left" not in lines[begin + 1]


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
    judge_by(monkeypatch, lambda: next(scores))
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


def test_pieces_are_learned_from_what_is_read_of_a_text(splits, recipe):
    """Of a text that is cut at `text.max_bytes` nothing behind the cut has pieces; what is read in
    windows is read whole."""
    recipe.text.max_bytes = 64
    short = make_vocabulary(recipe.text, recipe, splits).pieces
    first, *others = splits.train
    for letter in "§é":  # the second of them is the one that the cut would halve
        text = (first.text + " " * 64)[: 64 - (letter == "é")] + letter
        long = replace(splits, train=[replace(first, text=text + " zyzzyva" * 10_000), *others])
        assert make_vocabulary(recipe.text, recipe, long).pieces == short
    whole = recipe.model_copy(update={"task": "lm"})
    assert "zyzzyva" in make_vocabulary(recipe.text, whole, long).pieces


def test_two_runs_do_not_write_one_output(tmp_path, monkeypatch):
    output = tmp_path / "a" / "t.pt"
    with alone_at(output):
        busy = pytest.raises(EdgetextError, match=r"t\.pt\.lock: another process is writing it")
        with busy, alone_at(output):
            pass
        # Others of the same run write nothing.
        monkeypatch.setenv("RANK", "1")
        monkeypatch.setenv("WORLD_SIZE", "2")
        with alone_at(output):
            pass
    assert not list(output.parent.iterdir())
