"""The tables of a search."""

from edgetext.hyperparameters.report import importance_table, trials_table
from edgetext.hyperparameters.search import opened


def told(job, values):
    """A study whose trials came out so; None for one that was pruned."""
    study = opened(job)
    for value in values:
        trial = study.ask()
        job.space.suggest(trial)
        trial.report(0.25 if value is None else value, 3)
        if value is None:
            study.tell(trial, state=type(study.trials[0].state).PRUNED)
        else:
            study.tell(trial, value)
    return study


def test_a_line_a_trial(job):
    study = told(job(), [0.5, None, 0.75])
    study.ask()
    lines = trials_table(study, job()).splitlines()
    assert lines[0].split() == [
        *("trial", "learning_rate", "encoder.hidden", "accuracy", "epochs", "seconds", "state"),
    ]
    assert lines[1].split()[:4] == ["0", "0.01", "16", "50.00"]
    assert [line.split()[3] for line in lines[2:4]] == ["25.00", "75.00"]
    assert [line.split()[-1] for line in lines[1:4]] == ["done", "pruned", "best"]
    assert lines[4].split() == ["3", "0", "0", "not", "over"]


def test_importances_need_ten_trials_that_differ(job, tmp_path):
    assert importance_table(told(job(), [0.1 * n for n in range(9)])) == ""
    assert importance_table(told(job(folder=tmp_path / "alike"), [0.5] * 10)) == ""
    table = importance_table(told(job(folder=tmp_path / "ten"), [0.1 * n for n in range(10)]))
    assert {line.split()[0] for line in table.splitlines()[1:]} == set(job().space.domains)
