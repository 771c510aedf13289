"""Training examples that stay in their files."""

import gzip
import json
from collections import Counter

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.recipe import Recipe
from edgetext.training.run import train
from edgetext.training.splits import load_split, load_splits
from edgetext.training.streaming import StreamedExamples, held

WORDS = ["rain", "snow", "wind", "sun"]


def write(folder, shards=3, each=40):
    """Shards of texts, of which each has the number of its own line."""
    for shard in range(shards):
        with gzip.open(folder / f"part-{shard}.jsonl.gz", "wt") as file:
            for line in range(each):
                word = WORDS[(shard + line) % 4]
                row = {"text": f"{word} at {shard} {line}", "intent": word[0]}
                file.write(json.dumps(row) + "\n")
    rows = [json.dumps({"text": f"{word} today", "intent": word[0]}) for word in WORDS * 3]
    (folder / "valid.jsonl").write_text("\n".join(rows))


RECIPE = """
task: classify
data: {{type: jsonl, train: "part-*.jsonl.gz", valid: valid.jsonl, test: valid.jsonl{more}}}
text: {{vocabulary: 80}}
encoder: {{type: cnn, embedding: 8, hidden: 8}}
training: {{epochs: 3, batch_size: 8, learning_rate: 0.01}}
monitors: []
"""


@pytest.fixture
def recipe(tmp_path):
    def load(more=", stream: 32", **overrides):
        path = tmp_path / "s.yaml"
        path.write_text(RECIPE.format(more=more))
        return Recipe.load(path, [f"{k}={v}" for k, v in overrides.items()])

    write(tmp_path)
    return load


def test_each_epoch_has_every_example_once_in_an_order_of_its_own(recipe):
    train_set = load_splits(recipe()).train
    assert isinstance(train_set, StreamedExamples) and len(train_set) == 120
    orders = []
    for epoch in (0, 1):
        chunks = list(train_set.chunks(epoch))
        assert max(map(len, chunks)) <= 32 and sum(map(len, chunks)) == 120
        texts = [example.text for chunk in chunks for example in chunk]
        assert Counter(texts) == Counter(example.text for example in train_set)
        assert texts == [e.text for chunk in train_set.chunks(epoch) for e in chunk]
        orders.append(texts)
        # Several files at once: neighbors are not those of a file.
        shards = [text.split()[2] for text in texts[:16]]
        assert len(set(shards)) == 3
    assert orders[0] != orders[1]


def test_no_more_examples_are_held_than_said(recipe, monkeypatch):
    """Counted where they are read: what was read less what was given is what is held."""
    from edgetext.data.source import Source

    read, stream = [0], Source.read

    def counted(self):
        for example in stream(self):
            read[0] += 1
            yield example

    train_set = load_splits(recipe()).train
    monkeypatch.setattr(Source, "read", counted)
    given = 0
    for chunk in train_set.chunks(0):
        assert read[0] - given <= 32
        given += len(chunk)


def test_it_learns_and_goes_on_with_the_same_weights(recipe, tmp_path, monkeypatch):
    import torch

    from edgetext.training import loop, saving

    whole = train(recipe())
    assert whole.header.metrics["test"]["accuracy"] == 1.0
    assert whole.header.recipe["data"]["stream"] == 32
    save, calls = saving.Saving.after_step, []

    def stopped(self):
        calls.append(1)
        save(self)
        if len(calls) == 20:  # within the second epoch of 16 steps
            self.save()
            raise KeyboardInterrupt

    monkeypatch.setattr(saving.Saving, "after_step", stopped)
    with pytest.raises(loop.TrainingInterruptedError):
        train(recipe(), tmp_path / "state")
    again = train(recipe(), tmp_path / "state", resume=True)
    for name, tensor in whole.tensors.items():
        assert torch.equal(tensor, again.tensors[name]), name


def test_a_divided_file_is_divided_as_without(recipe, tmp_path):

    recipe()
    divided = (tmp_path / "s.yaml").read_text()
    divided = divided.replace(
        "valid: valid.jsonl, test: valid.jsonl", "split: {valid: 0.2, test: 0.2}"
    )
    (tmp_path / "s.yaml").write_text(divided)
    streamed = load_splits(Recipe.load(tmp_path / "s.yaml"))
    (tmp_path / "s.yaml").write_text(divided.replace(", stream: 32", ""))
    whole = load_splits(Recipe.load(tmp_path / "s.yaml"))
    for split in ("train", "valid", "test"):
        assert list(getattr(streamed, split)) == list(getattr(whole, split))


def test_no_split_of_a_divided_file_holds_it_whole(recipe, tmp_path, monkeypatch):
    from edgetext.data.source import Division

    recipe()
    text = (tmp_path / "s.yaml").read_text()
    named = "valid: valid.jsonl, test: valid.jsonl"
    (tmp_path / "s.yaml").write_text(text.replace(named, "split: {valid: 0.2, test: 0.2}"))
    loaded = Recipe.load(tmp_path / "s.yaml")
    expected = {split: list(getattr(load_splits(loaded), split)) for split in ("valid", "test")}
    monkeypatch.setattr(Division, "examples", property(lambda self: pytest.fail("all are held")))
    for split, examples in expected.items():
        assert load_split(loaded, split) == examples


def test_what_needs_all_of_them_gets_a_sample_or_a_sentence(recipe, tmp_path):
    train_set = load_splits(recipe()).train
    assert held(train_set) == train_set.sample() and 8 <= len(train_set.sample()) <= 16
    assert load_split(recipe(), "train") == train_set.sample()
    with pytest.raises(EdgetextError, match=r"data\.augment.*data\.stream"):
        load_splits(recipe(", stream: 32, augment: {type: slots}"))
    with pytest.raises(EdgetextError, match=r"unlabeled.*data\.stream"):
        load_splits(recipe()).joined_by([])
    with pytest.raises(EdgetextError, match=r"sampling_temperature.*data\.stream"):
        load_splits(recipe(sampling_temperature=2))


def test_a_shard_cut_short_is_named(recipe, tmp_path):
    shard = tmp_path / "part-1.jsonl.gz"
    shard.write_bytes(shard.read_bytes()[:-20])
    with pytest.raises(EdgetextError, match=r"part-1\.jsonl\.gz: this gzip file is damaged or cut"):
        train(recipe())


def test_a_pattern_without_files_is_named(recipe, tmp_path):
    for file in tmp_path.glob("part-*"):
        file.unlink()
    with pytest.raises(EdgetextError, match=r"part-\*\.jsonl\.gz: .*has such a name"):
        train(recipe())


def test_items_are_found_by_reading(recipe):
    train_set = load_splits(recipe()).train
    every = list(train_set)
    assert train_set[0] == every[0] and train_set[-1] == every[-1]
    assert train_set[3:9:2] == every[3:9:2]
    with pytest.raises(IndexError):
        train_set[120]


def test_an_empty_shard_is_named(recipe, tmp_path):
    (tmp_path / "part-1.jsonl.gz").write_bytes(gzip.compress(b"\n"))
    with pytest.raises(EdgetextError, match=r"part-1\.jsonl\.gz: the train split has no examples"):
        load_splits(recipe())


def test_a_linear_model_learns_from_the_sample(recipe):
    pytest.importorskip("sklearn")
    from edgetext.api.baseline import standings

    (standing,) = standings(recipe(), {"accuracy": 1.0})
    assert standing.linear.learnt == len(load_splits(recipe()).train.sample())


def test_a_file_that_is_called_like_a_pattern_is_one(recipe, tmp_path):
    folder = tmp_path / "a[1]"
    folder.mkdir()
    for name in ("x[2].jsonl", "x2.jsonl"):
        (folder / name).write_text("")
    loaded = recipe()
    assert loaded.find_all("a[1]/x[2].jsonl") == [folder / "x[2].jsonl"]
    # The folder of the recipe is no pattern, whatever is in its name.
    (folder / "s.yaml").write_text((tmp_path / "s.yaml").read_text())
    beside = Recipe.load(folder / "s.yaml")
    assert beside.find_all("x*.jsonl") == [folder / "x2.jsonl", folder / "x[2].jsonl"]
