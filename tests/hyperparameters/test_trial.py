"""What ends a trial before its last epoch."""

from edgetext.core.files import write_text
from edgetext.hyperparameters import trial as trial_module
from edgetext.hyperparameters.report import trials_table
from edgetext.hyperparameters.search import opened, work
from edgetext.training.recorded import recorded_runs


class Prunes:
    """A pruner that ends every trial but the first after its first epoch."""

    def prune(self, study, trial):
        return trial.number > 0


def test_a_trial_that_is_worse_is_ended(job, monkeypatch):
    from edgetext.hyperparameters import study

    monkeypatch.setattr(study, "pruner_of", lambda name, epochs: Prunes())
    work(job(trials=2))
    first, second = opened(job()).get_trials(deepcopy=False)
    assert (first.state.name, len(first.intermediate_values)) == ("COMPLETE", 2)
    assert (second.state.name, len(second.intermediate_values)) == ("PRUNED", 1)
    assert not (job().folder / "0001.pt.resume").exists()
    statuses = {run.folder.stem: run.about["status"] for run in recorded_runs([job().folder])}
    assert statuses == {"0000": "done", "0001": "stopped"}


def test_a_process_whose_parent_is_gone_ends(job, monkeypatch):
    monkeypatch.setattr(trial_module, "is_orphan", lambda: True)
    work(job(trials=2))
    trials = opened(job()).get_trials(deepcopy=False)
    assert [(t.state.name, len(t.intermediate_values)) for t in trials] == [("RUNNING", 1)]


def test_the_data_is_read_once_where_no_trial_changes_it(job, monkeypatch):
    reads = []
    load = trial_module.load_splits
    monkeypatch.setattr(trial_module, "load_splits", lambda recipe: reads.append(1) or load(recipe))
    work(job(trials=2))
    assert len(reads) == 1


def test_what_was_trained_is_not_trained_again(job):
    few = job(["encoder.hidden=16|24"], trials=6)
    work(few)
    trials = opened(few).get_trials(deepcopy=False)
    hidden = [trial.params["encoder.hidden"] for trial in trials]
    assert len(recorded_runs([few.folder])) == len(set(hidden)) < 6
    firsts = {each: hidden.index(each) for each in hidden}
    for trial, each in zip(trials, hidden, strict=True):
        assert trial.value == trials[firsts[each]].value
        assert trial.user_attrs.get("twin", trial.number) == firsts[each]
    assert f"as {firsts[hidden[-1]]}" in trials_table(opened(few), few).splitlines()[-1]


def test_a_recipe_says_where_its_values_are_from(job, tmp_path):
    text = trial_module.written(job(metric="macro_f1"), {"encoder.hidden": 24}, 7)
    write_text(tmp_path / "r.yaml", text)
    from edgetext.recipe import Recipe

    recipe = Recipe.load(tmp_path / "r.yaml")
    assert text.startswith("# classify with the values of trial 7 of a search")
    assert recipe.name == "classify" and recipe.training.monitor == ["macro_f1"]
    assert recipe.encoder.own_fields["hidden"] == 24 and recipe.training.epochs == 2
