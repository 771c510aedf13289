"""An imported teacher cut down: its layers, heads and inner widths, and the pieces in use."""

import pytest
from dice import Dice
from huggingface_models import INNER, LAYERS, write_model

from edgetext.cli import main
from edgetext.huggingface.import_model import import_model
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.search import make as make_module
from edgetext.search.clock import Clock
from edgetext.search.cuts import Cuts, is_cut
from edgetext.search.make import Maker
from edgetext.search.record import Record, Records
from edgetext.search.space import Space, epochs_of, in_words
from edgetext.search.trial import Watch
from edgetext.training.splits import load_splits

# As the search's own first choices have them, but for the precision.
WHOLE = {"way": "prune", "kept_layers": 2, "kept_heads": 3, "kept_feed_forward": 40}
CUT = {"way": "prune", "kept_layers": 1, "kept_heads": 2, "kept_feed_forward": 20}


@pytest.fixture
def recipe(data):
    return Recipe.load(data / "classify.yaml")


@pytest.fixture
def model(tmp_path, recipe):
    labels = sorted({example.intent for example in load_splits(recipe).train})
    write_model(tmp_path / "folder", labels=labels)
    return import_model(str(tmp_path / "folder")).with_data_of(recipe)


@pytest.fixture
def space(model, recipe):
    return Space.below(model.header, recipe, (".onnx",))


@pytest.fixture
def maker(model, recipe, space):
    return Maker(model, space, load_splits(recipe), (".onnx",))


def shapes(path):
    return {name: tensor.shape for name, tensor in Checkpoint.load(path).tensors.items()}


def test_layers_heads_inner_widths_and_pieces_may_go(space):
    assert space.cuts.sizes == {
        "layers": (LAYERS, 1),
        "heads": (3, 2),
        "feed_forward": (INNER, 30, 20, 10),
    }
    student, whole, half = space.first()
    assert student["way"] == "distil"
    assert whole == {**WHOLE, "precision": "int8", "kept_pieces": "in use"}
    assert half == {**whole, "kept_layers": 1}
    assert in_words(half) == (
        "teacher cut to 1 layer, 3 heads, 40 feed-forward, pieces in use, int8"
    )


def test_a_teacher_without_layers_in_a_list_has_its_inner_width(tmp_path):
    write_model(tmp_path / "folder", "modernbert", num_hidden_layers=LAYERS)
    cuts = Cuts.of(import_model(str(tmp_path / "folder")).header)
    assert set(cuts.sizes) == {"layers", "feed_forward"}


def test_both_ways_are_chosen_and_every_cut_is_made(space, maker, tmp_path):
    choices = [space.suggest(Dice(seed)) for seed in range(12)]
    assert {choice["way"] for choice in choices} == {"distil", "prune"}
    cuts = [choice for choice in choices if is_cut(choice)]
    for number, choice in enumerate(cuts):
        made = Model.load(maker.untrained(choice, tmp_path / f"{number}.pt"))
        encoder = made.header.recipe["encoder"]
        assert encoder["layers"] == choice["kept_layers"]
        fewer = len(made.vocabulary) < len(maker.teacher.vocabulary)
        assert fewer == (choice["kept_pieces"] == "in use")


def test_a_cut_is_trained_and_has_the_size_that_was_foreseen(maker, tmp_path):
    choice = {**CUT, "kept_pieces": "in use", "precision": "float32"}
    epochs = []
    path = maker.trained(choice, tmp_path / "m.pt", 10, lambda epoch, _: epochs.append(epoch))
    assert epochs == [1, 2]
    assert shapes(path) == shapes(maker.untrained(choice, tmp_path / "untrained.pt"))
    for other in maker.space.siblings(choice):
        stored = maker.stored(other, path, tmp_path / f"{other['precision']}.pt", 10)
        assert Checkpoint.load(stored).header.history


def test_what_loses_pieces_alone_learns_nothing(maker, tmp_path, monkeypatch):
    monkeypatch.setattr(make_module, "recover", None)  # to call it would fail
    choice = {**WHOLE, "kept_pieces": "in use", "precision": "float32"}
    made = Model.load(maker.trained(choice, tmp_path / "m.pt", 10))
    assert len(made.vocabulary) < len(maker.teacher.vocabulary)
    assert made.header.recipe["encoder"]["layers"] == LAYERS


def test_a_cut_has_fewer_epochs_than_a_student_in_the_same_time(space, tmp_path):
    cut, whole = ({**x, "kept_pieces": "all", "precision": "int8"} for x in (CUT, WHOLE))
    assert [epochs_of(x, 30, space.cuts) for x in (space.first()[0], cut, whole)] == [30, 6, 0]
    assert epochs_of(cut, 1, space.cuts) == 1
    records = Records(tmp_path / "trials.jsonl")
    records.add(Record("a", cut, "measured", epochs=2, seconds=80.0))
    clock = Clock(records, epochs=8, full=30, deadline=1e12)
    assert clock._pace() == 10


def test_a_cut_is_compared_with_no_student_after_an_epoch(tmp_path):
    class Told:
        reported = ()

        def report(self, value, epoch):
            self.reported = (*self.reported, epoch)

        def should_prune(self):
            return True

    class Trials:
        early, metrics, teacher = (), ["accuracy"], {"accuracy": 0.9}
        records = Records(tmp_path / "trials.jsonl")

        class clock:  # noqa: N801
            epochs = 8

            @staticmethod
            def only_final_fits():
                return False

    trial = Told()
    watch = Watch(Trials, trial, tmp_path / "drops.json", compared=False)
    watch(1, {"accuracy": 0.5})
    assert watch.drops == [40.0]
    assert not trial.reported


def test_a_teacher_that_was_imported_needs_a_recipe(tmp_path, capsys):
    write_model(tmp_path / "folder")
    import_model(str(tmp_path / "folder")).save(tmp_path / "m.pt")
    command = ["compress", str(tmp_path / "m.pt"), "--max-drop", "1", "-o", str(tmp_path / "c")]
    assert main(command) == 2
    assert "data is missing" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


@pytest.mark.slow
def test_a_budget_for_an_imported_teacher_becomes_a_file(model, data, tmp_path, capsys):
    model.save(tmp_path / "m.pt")
    folder = tmp_path / "c"
    command = ["compress", str(tmp_path / "m.pt"), "--recipe", str(data / "classify.yaml")]
    command += ["--max-drop", "100", "--trials", "3", "-o", str(folder)]
    assert main(command) == 0
    assert "best: " in capsys.readouterr().out
    records = Records(folder / "trials.jsonl")
    assert any(is_cut(record.choice) for record in records.of("measured"))
    assert not records.of("failed")
