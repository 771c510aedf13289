"""TensorBoard's files, read back by TensorBoard."""

import pytest

pytest.importorskip("tensorboard")

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from edgetext.training.monitors.monitor import End
from edgetext.training.monitors.tensorboard import TensorBoardMonitor


def monitor(**fields):
    return TensorBoardMonitor(TensorBoardMonitor.Config(every=2, **fields))


def events(folder):
    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    return accumulator


def curve(folder, name):
    return [(point.step, round(point.value, 3)) for point in events(folder).Scalars(name)]


def test_curves_texts_graph_embedding_and_recipe(start, told):
    told(monitor(), start, end=End("done", 2, {"accuracy": 0.8}))
    assert curve(start.folder, "train/loss") == [(2, 0.5), (4, 0.25), (6, 0.167), (8, 0.125)]
    assert curve(start.folder, "train/gradient_norm")[0] == (2, 4.0)
    assert curve(start.folder, "valid/accuracy") == [(4, 0.4), (8, 0.8)]
    assert curve(start.folder, "train/weight_norm") == [(4, 3.0), (8, 3.0)]
    assert curve(start.folder, "kept/accuracy") == [(0, 0.8)]
    seen = events(start.folder)
    assert seen.Tags()["graph"]
    (text, *_) = seen.Tensors("valid/answers/text_summary")[-1].tensor_proto.string_val
    assert "<b>hi</b>" in text.decode() and "greet 0.9" in text.decode()
    (names,) = start.folder.rglob("metadata.tsv")
    assert names.read_text("utf-8").splitlines() == ["[UNK]", "a\\tb", "é"]


def test_a_run_that_goes_on_has_each_point_once(start, told, going_on):
    told(monitor(), start, until=7, end=End("stopped"))
    told(monitor(), going_on(start, 5), end=End("done", 2))
    assert [step for step, _ in curve(start.folder, "train/loss")] == [2, 4, 6, 8]


def test_a_network_that_cannot_be_drawn_is_trained_all_the_same(start, told, monkeypatch):
    def fail(self, ids):
        raise RuntimeError("reads two texts")

    monkeypatch.setattr(type(start.network), "forward", fail)
    start.network.train()
    told(monitor(), start, end=End("done", 2))
    assert start.network.training and not events(start.folder).Tags()["graph"]


def test_what_is_chosen_is_left_out(start, told):
    told(monitor(samples=0, pieces=0, graph=False), start, end=End("done", 2))
    tags = events(start.folder).Tags()
    assert not tags["graph"] and tags["tensors"] == ["recipe/text_summary"]
    assert not list(start.folder.rglob("metadata.tsv"))


def test_a_run_anew_clears_what_was_there(start, told, caplog):
    told(monitor(), start, end=End("done", 2))
    (start.folder / "mine.txt").write_text("kept")
    told(monitor(), start, end=End("done", 1))
    assert "Embedding dir exists" not in caplog.text
    assert [path.parent.parent.name for path in start.folder.rglob("metadata.tsv")] == ["00001"]
    assert (start.folder / "mine.txt").exists()


def test_its_thread_prints_no_traceback(start, told, monkeypatch, capsys):
    from tensorboard.summary.writer.record_writer import RecordWriter

    def full(self, data):
        raise OSError(28, "No space left on device")

    watching = monitor()
    watching.on_start(start)
    monkeypatch.setattr(RecordWriter, "write", full)
    with pytest.raises(OSError, match="No space left"):
        for step in range(200):
            watching._writer.add_scalar("x", step, step)
            watching._writer.flush()
    assert "Traceback" not in capsys.readouterr().err
