"""The search with trainings that are made up, and once in earnest."""

import pytest
from imagined import SIZES, MadeUp

from edgetext.cli import main
from edgetext.model.checkpoint import Checkpoint
from edgetext.search import trial as trial_module
from edgetext.search.compress import compress
from edgetext.search.limits import Limits
from edgetext.search.record import Records
from edgetext.search.search import Search
from edgetext.search.space import key_of, shape_of
from edgetext.tasks.task import task_of
from edgetext.training.loop import TrainingInterruptedError


def searched(maker, folder, limits, trials, epochs=4):
    folder.mkdir(exist_ok=True)
    found = Search(maker, limits, folder, {"accuracy": 0.9}, ["accuracy"], epochs)
    found.run(trials, seed=1)
    return found


def test_the_best_within_the_limits_is_trained_fully(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=20_000, drop=8), 12)
    record, files, met = found.final()
    assert met and record.cost.size == 16_000
    assert record.epochs == 8 and files[".onnx"].parts[-4] == "final"


def test_a_precision_whose_weights_are_too_large_is_not_exported(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=20_000), 4)
    heavy = [r for r in found.records.rows if "weights alone have" in r.note]
    assert heavy and made_up.exports
    for record in heavy:
        assert record.status == "skipped" and record.cost.size > 20_000
        assert record.choice not in made_up.exports
    best = shape_of(found.ranked()[0].choice)
    assert best in [shape_of(record.choice) for record in heavy]


def test_no_file_is_written_untrained_where_only_the_answers_are_limited(
    made_up, tmp_path, monkeypatch
):
    monkeypatch.setattr(trial_module, "write_variant", None)  # to call it would fail
    found = searched(made_up, tmp_path / "s", Limits(drop=5), 3)
    assert found.final()[2] and {r.status for r in found.records.rows} <= {"measured", "stopped"}


def test_what_was_trained_fully_in_its_trial_is_not_trained_again(made_up, tmp_path):
    full = made_up.space.recipe.student.training.epochs
    found = searched(made_up, tmp_path / "s", Limits(size=20_000), 4, epochs=full)
    trainings, exports = len(made_up.trained_choices), len(made_up.exports)
    record, files, met = found.final()
    assert met and record == found.ranked()[0]
    assert files[".onnx"].parts[-3] == "trials" and files[".pt"].exists()
    assert (len(made_up.trained_choices), len(made_up.exports)) == (trainings, exports)


def test_one_training_serves_every_precision_of_the_best(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=100_000), 4)
    best = found.ranked()[0].choice
    tried = [
        (r.choice["precision"], r.choice.get("static"))
        for r in found.records.rows
        if shape_of(r.choice) == shape_of(best)
    ]
    assert {precision for precision, _ in tried} == {*SIZES} - {"float32"} or len(tried) >= 4
    assert len(set(tried)) == len(tried)
    shapes = [key_of(shape_of(choice)) for choice in made_up.trained_choices]
    assert len(found.records.of("measured", "stopped")) > len(set(shapes)) == 4


def test_what_is_too_large_in_8_bits_is_tried_in_4(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=17_000), 6)
    by_name = {r.name: r for r in found.records.rows}
    first = found.maker.space.first()[0]
    assert by_name[key_of(first)].status == "skipped"
    smaller = found.maker.space.smaller(first)
    assert by_name[key_of(smaller)].status == "skipped" and smaller["precision"] != "int8"
    least = found.maker.space.smaller(smaller)
    assert by_name[key_of(least)].status == "measured" and least["precision"] == "int4"


def test_what_is_too_large_is_not_trained(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=20_000), 12)
    skipped = found.records.of("skipped")
    assert skipped and all("--max-size 20,000 bytes" in r.note for r in skipped)
    assert max(map(MadeUp.size, made_up.trained_choices)) <= 20_000


def test_when_nothing_fits_the_nearest_is_made(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=3_500), 2)
    record, _, met = found.final()
    assert not met and record.cost.size == 4_000
    assert found.limits.in_words(record.cost) == [
        "--max-size 3,500 bytes: the file has 4,000, 14.3 % more"
    ]


def test_worse_trials_are_stopped_early(made_up, tmp_path):
    found = searched(made_up, tmp_path / "s", Limits(size=200_000), 12)
    stopped = found.records.of("stopped")
    assert stopped and all(r.epochs < 4 for r in stopped)


def test_a_search_that_was_stopped_goes_on(made_up, tmp_path):
    folder, limits = tmp_path / "s", Limits(size=200_000)
    made_up.stop_after = 3
    with pytest.raises(TrainingInterruptedError):
        searched(made_up, folder, limits, 8)
    before = [r.name for r in searched(made_up, folder, limits, 3).records.rows]
    made_up.stop_after = 10_000
    found = searched(made_up, folder, limits, 8)
    names = [r.name for r in found.records.rows]
    assert names[: len(before)] == before and len(set(names)) == len(names)
    assert found.trainings() == 8


def test_a_size_below_the_text_graphs_is_refused_untrained(teacher, tmp_path, capsys):
    folder = tmp_path / "c"
    assert main(["compress", str(teacher), "--max-size", "20kB", "-o", str(folder)]) == 2
    error = capsys.readouterr().err
    assert "the text graph of" in error and "allow more" in error
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give a limit"),
        (["--max-size", "much"], "give a number above 0"),
        (["--max-drop", "1", "--metric", "speed"], "this task has no such metric"),
    ],
)
def test_what_is_wrong_is_one_line(teacher, tmp_path, capsys, arguments, words):
    assert main(["compress", str(teacher), *arguments, "-o", str(tmp_path / "c")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


def test_a_recipe_of_another_task_is_refused(classify, teacher, tmp_path, capsys, write_recipe):
    recipe = write_recipe(tmp_path, "other")
    command = ["compress", str(classify), "--max-drop", "1", "--recipe", str(recipe)]
    assert main([*command, "-o", str(tmp_path / "c")]) == 2
    assert "its task is joint, and that of" in capsys.readouterr().err


def test_int8_teachers_are_refused(int8, tmp_path, capsys):
    command = ["compress", str(int8), "--max-drop", "1", "-o", str(tmp_path / "c")]
    assert main(command) == 2
    assert "an int8 checkpoint cannot teach" in capsys.readouterr().err


@pytest.mark.slow
def test_a_budget_becomes_a_file_that_keeps_it(teacher, tmp_path, capsys):
    folder = tmp_path / "c"
    limits = ["--max-size", "110kB", "--max-drop", "100"]
    assert main(["compress", str(teacher), *limits, "--trials", "1", "-o", str(folder)]) == 0
    assert (folder / "best.onnx").stat().st_size <= 110_000
    made = {"best.pt", "best.onnx", "best.md", "front.svg", "front.html", "trials.jsonl"}
    assert made <= {path.name for path in folder.iterdir()}
    assert "test split, from the file" in capsys.readouterr().out
    with pytest.raises(Exception, match="a search with other limits"):
        compress(teacher, Limits(drop=1), folder)


def test_no_task_of_several_may_fall_and_a_language_model_is_judged_by_words(multi, lm):
    labels = Checkpoint.load(multi).header.labels
    assert task_of("multi", labels).quality_metrics == (
        "trips.frame_accuracy", "kind.accuracy", "names.span_f1",
    )  # fmt: skip
    assert task_of("lm").quality_metrics == ("next_word_top3", "completion_top3")
    assert task_of("qa").quality_metrics == ("f1",)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["multi", "lm"])
def test_a_model_of_several_tasks_or_of_language_is_compressed(request, tmp_path, name):
    folder = tmp_path / "c"
    command = ["compress", str(request.getfixturevalue(name)), "--max-size", "400kB"]
    assert main([*command, "--trials", "1", "-o", str(folder)]) == 0
    assert (folder / "best.onnx").stat().st_size <= 400_000
    records = Records(folder / "trials.jsonl")
    trained = [r.choice["precision"] for r in records.of("measured")]
    assert {"int8", "int4", "float32"} <= set(trained)
    assert len({key_of(shape_of(r.choice)) for r in records.of("measured")}) == 1
