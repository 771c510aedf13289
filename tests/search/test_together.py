"""Several processes at one search; here each is a thread with a search of its own, which locks and
the study tell apart like processes."""

import json
import threading

import pytest

from edgetext.cli import main
from edgetext.core.files import alone_with, in_turn
from edgetext.search.limits import Limits
from edgetext.search.record import Record, Records
from edgetext.search.search import Search
from edgetext.search.space import key_of, shape_of
from edgetext.search.study import open_study
from edgetext.studies.claims import lock_path
from edgetext.studies.study import running
from edgetext.training.loop import TrainingInterruptedError

LIMITS = Limits(size=200_000)


def search(maker, folder, trials=6):
    folder.mkdir(exist_ok=True)
    begun = Search(maker, LIMITS, folder, {"accuracy": 0.9}, ["accuracy"], 4)
    begun.run(trials, seed=1)
    return begun


def at_once(*calls):
    """Run calls in threads; give these, which have begun."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads


def outcomes(folder):
    records = Records(folder / "trials.jsonl").rows
    return [(r.choice, r.status, r.note, r.drops, r.cost) for r in records]


def test_two_processes_share_the_trials(made_up, another, tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    for thread in at_once(lambda: search(made_up, folder), lambda: search(another, folder)):
        thread.join()
    records = Records(folder / "trials.jsonl")
    assert len({record.name for record in records.rows}) == len(records.rows)
    trained = [key_of(shape_of(x)) for x in made_up.trained_choices + another.trained_choices]
    shapes = {key_of(shape_of(r.choice)) for r in records.of("measured", "stopped")}
    assert len(shapes) == 6 and sorted(trained) == sorted(shapes)  # each once
    assert not running(open_study(folder)) and not list(folder.glob("*.lock"))
    # Whoever ends last knows all trials, and that the best was tried in every precision.
    best = search(another, folder).ranked()[0]
    tried = {r.choice["precision"] for r in records.rows if same_shape(r, best)}
    assert len(tried) == 4


def same_shape(one, other):
    return shape_of(one.choice) == shape_of(other.choice)


def test_a_search_that_was_stopped_ends_like_another(made_up, another, tmp_path):
    search(another, tmp_path / "whole")
    for trainings in (1, 3, 4):
        made_up.stop_after = trainings
        with pytest.raises(TrainingInterruptedError):
            search(made_up, tmp_path / "s")
    made_up.stop_after = 10_000
    search(made_up, tmp_path / "s")
    assert outcomes(tmp_path / "s") == outcomes(tmp_path / "whole")


def left_behind(maker, folder):
    """A trial whose process was killed while it chose."""
    folder.mkdir()
    study = open_study(folder)
    trial = study.ask()
    lock_path(folder, trial.number).touch()
    trial.suggest_categorical("precision", maker.space.precisions)


def test_a_trial_that_a_killed_process_left_is_done(made_up, tmp_path):
    folder = tmp_path / "s"
    left_behind(made_up, folder)
    search(made_up, folder, trials=2)
    first = open_study(folder).get_trials()[0]
    records = Records(folder / "trials.jsonl").rows
    assert records[0].choice["precision"] == first.params["precision"]
    assert first.state.is_finished() and not list(folder.glob("*.lock"))


def test_a_trial_of_a_living_process_is_waited_for(made_up, tmp_path):
    folder = tmp_path / "s"
    left_behind(made_up, folder)
    with alone_with(lock_path(folder, 0)):
        (thread,) = at_once(lambda: search(made_up, folder, trials=2))
        while len(Records(folder / "trials.jsonl").rows) < 1:
            thread.join(0.01)
        assert thread.is_alive() and 0 in running(open_study(folder))
    thread.join()
    assert not running(open_study(folder))


def test_a_shape_that_another_process_trains_is_not_trained_again(made_up, tmp_path):
    folder, choice = tmp_path / "s", made_up.space.first()[0]
    shape = folder / "trained" / key_of(shape_of(choice))
    shape.mkdir(parents=True)
    with in_turn(shape):
        (thread,) = at_once(lambda: search(made_up, folder, trials=1))
        other = {**shape_of(choice), "precision": "float32"}
        Records(folder / "trials.jsonl").add(Record("other", other, "stopped"))
    thread.join()
    assert not made_up.trained_choices
    notes = [r.note for r in Records(folder / "trials.jsonl").rows if r.choice == choice]
    assert notes in ([], ["as other, which is trained alike"])


def test_records_are_those_of_all_processes(tmp_path):
    path = tmp_path / "trials.jsonl"
    one, other = Records(path), Records(path)
    one.add(Record("a", {"hidden": 8}, "measured"))
    with path.open("a") as file:
        file.write('{"name": "half')  # by a process that was killed
    other.add(Record("b", {"hidden": 16}, "measured"))
    other.add(Record("a", {"hidden": 8}, "failed"))
    one.refresh()
    assert [(r.name, r.status) for r in one.rows] == [("a", "measured"), ("b", "measured")]
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.slow
def test_two_workers_make_the_file_of_a_budget(teacher, tmp_path, capfd):
    folder = tmp_path / "c"
    command = ["compress", str(teacher), "--max-drop", "100", "--trials", "3", "--workers", "2"]
    assert main([*command, "-o", str(folder)]) == 0
    rows = [json.loads(line) for line in (folder / "trials.jsonl").read_text().splitlines()]
    assert len({row["name"] for row in rows}) == len(rows)
    assert (folder / "best.onnx").exists() and not list(folder.glob("*.lock"))
    said = capfd.readouterr().err
    assert "[1] trial" in said and "[2] trial" in said
    before = (folder / "trials.jsonl").read_text()
    assert main([*command, "-o", str(folder)]) == 0
    assert (folder / "trials.jsonl").read_text() == before
