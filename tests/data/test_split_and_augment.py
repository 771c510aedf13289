"""Shares of one file by a hash, the sources of a recipe, and made-up examples."""

import random
from collections import Counter

import pytest
import yaml

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.locate import augmentation
from edgetext.data.augment.slots import SlotsConfig, SlotSwap
from edgetext.data.example import Example, Span
from edgetext.data.source import sources
from edgetext.data.split import kept_for_training, part_of
from edgetext.recipe import Recipe
from edgetext.training.splits import load_split, load_splits


def recipe(**data):
    encoder = {"type": "bag"}
    return Recipe.from_dict({"name": "r", "task": "classify", "data": data, "encoder": encoder})


def test_parts_have_their_shares_and_depend_on_the_text_alone():
    parts = [part_of(f"text {i}", 0.1, 0.2) for i in range(5000)]
    assert abs(parts.count("valid") - 500) < 80 and abs(parts.count("test") - 1000) < 110
    assert part_of("Play  JAZZ", 0.3, 0.3) == part_of("play jazz", 0.3, 0.3)
    # A larger share keeps what the smaller one had.
    assert all(part_of(f"text {i}", 0, 0.3) == "test" for i in range(999) if parts[i] == "test")


def test_one_file_becomes_three_splits(write):
    path = write("d.csv", "text,label\n" + "".join(f"text {i},{i % 3}\n" for i in range(300)))
    made = load_splits(recipe(type="csv", train=str(path), split={"valid": 0.1, "test": 0.2}))
    texts = [{e.text for e in part} for part in (made.train, made.valid, made.test)]
    assert len(set.union(*texts)) == sum(map(len, texts)) == 300
    assert 15 < len(texts[1]) < 50 and 40 < len(texts[2]) < 85
    assert made.augmented(1) is None


def test_training_shows_every_label(write):
    rows = [f"text {i},{i % 3}\n" for i in range(100)] + [f"odd {i},rare {i}\n" for i in range(30)]
    fields = {"type": "csv", "split": {"valid": 0.2, "test": 0.2}}
    files = [write(name, "text,label\n" + "".join(rows)) for name in ("d.csv", "e.csv")]
    made = load_splits(recipe(train=str(files[0]), **fields))
    parts = (made.train, made.valid, made.test)
    assert {e.intent for e in made.train} == {e.intent for part in parts for e in part}
    assert sum(map(len, parts)) == 130 and min(map(len, parts)) > 10
    # The others stay where they were, and the order of the lines does not matter.
    assert [e.text for e in made.test] == [
        row.split(",")[0] for row in rows[:100] if part_of(row.split(",")[0], 0.2, 0.2) == "test"
    ]
    files[1].write_text("text,label\n" + "".join(reversed(rows)))
    turned = load_splits(recipe(train=str(files[1]), **fields))
    assert {e.text for e in turned.train} == {e.text for e in made.train}


def test_equal_texts_of_a_rare_label_go_to_training_together():
    texts = [(f"text {i}", ["a"]) for i in range(50)]
    away = next(text for text, _ in texts if part_of(text, 0.3, 0.3) == "test")
    kept = kept_for_training([*texts, (away.upper(), ["rare"])], 0.3, 0.3)
    assert kept == {away}
    assert kept_for_training(texts, 0.3, 0.3) == frozenset()


def test_the_assistant_needs_no_path():
    made = load_splits(recipe(type="assistant"))
    assert (len(made.train), len(made.valid), len(made.test)) == (4725, 525, 840)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"type": "csv"}, r"names no data\.train"),
        ({"type": "csv", "train": "d.csv"}, r"names no data\.valid.*data\.split"),
        ({"type": "csv", "train": "none.csv", "split": {"valid": 0.1, "test": 0.1}}, "none.csv"),
        ({"type": "assistant", "train": "d.csv"}, r"remove data\.train"),
        (
            {"type": "csv", "train": "d.csv", "valid": "d.csv", "split": {"valid": 0.1}},
            r"data\.valid and data\.split\.valid",
        ),
    ],
)
def test_splits_that_a_recipe_does_not_name(write, monkeypatch, tmp_path, data, words):
    write("d.csv", "text,label\na,b\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EdgetextError, match=words):
        sources(recipe(**data))


def listing(tmp_path, listed, of="city"):
    """A recipe with a list of cities, and its augmentation of one example."""
    (tmp_path / "towns.txt").write_text("Oslo\n\n  Malmö \nOslo\n", "utf-8")
    (tmp_path / "d.csv").write_text("text,label\na,b\n", "utf-8")
    section = {"type": "slots", "probability": 1.0, "values": {of: "towns.txt"}, "listed": listed}
    text = yaml.safe_dump(
        {
            "name": "r",
            "task": "joint",
            "data": {"type": "csv", "train": "d.csv", "augment": [section]},
            "encoder": {"type": "cnn"},
        }
    )
    (tmp_path / "r.yaml").write_text(text, "utf-8")
    loaded = Recipe.load(tmp_path / "r.yaml")
    example = Example("to Köln at 7", "fly", (Span("city", 3, 8), Span("time", 12, 13)))
    return augmentation(loaded.data.augment, [example] * 200, loaded.find)


def values(examples):
    return [e.text.encode()[s.start : s.end].decode() for e in examples for s in e.spans]


def test_slots_take_values_of_lists_too(tmp_path):
    drawn = values(listing(tmp_path, 0.5)(random.Random(1)))
    cities = drawn[::2]
    assert set(cities) == {"Köln", "Oslo", "Malmö"} and set(drawn[1::2]) == {"7"}
    assert 70 < cities.count("Köln") < 130
    # A value that stands twice is no likelier than the others.
    assert 30 < cities.count("Oslo") < 70
    assert set(values(listing(tmp_path, 1.0)(random.Random(1)))[::2]) == {"Oslo", "Malmö"}


def test_a_checkpoint_without_lists_says_nothing_of_them():
    assert SlotsConfig().model_dump() == {"probability": 0.3, "case": 0.0}
    chosen = SlotsConfig(values={"city": "towns.txt"}, listed=0.2).model_dump()
    assert (chosen["values"], chosen["listed"]) == ({"city": ["towns.txt"]}, 0.2)


def test_a_list_of_a_slot_that_no_example_has_is_refused(tmp_path):
    with pytest.raises(EdgetextError, match=r"values\.town: no .* are city, time"):
        listing(tmp_path, 0.5, of="town")


def test_a_list_without_values_is_refused(tmp_path):
    (tmp_path / "none.txt").write_text(" \n\n", "utf-8")
    config = SlotsConfig(values={"city": [str(tmp_path / "none.txt")]})
    with pytest.raises(EdgetextError, match=r"values\.city: .*none\.txt has no value"):
        SlotSwap(config, [Example("Köln", "fly", (Span("city", 0, 5),))])


def test_slots_swap_values_and_keep_their_bytes_right():
    examples = [
        Example("fly to São Paulo at 7", "fly", (Span("city", 7, 17), Span("time", 21, 22))),
        Example("Köln please", "fly", (Span("city", 0, 5),)),
    ]
    swap = SlotSwap(SlotsConfig(probability=1.0), examples)
    seen = set()
    for seed in range(20):
        for made, old in zip(swap(random.Random(seed)), examples, strict=True):
            raw = made.text.encode()
            cities = [raw[s.start : s.end].decode() for s in made.spans if s.label == "city"]
            assert set(cities) <= {"São Paulo", "Köln"} and made.intent == old.intent
            seen.add(made.text)
    assert seen == {
        "fly to São Paulo at 7",
        "fly to Köln at 7",
        "Köln please",
        "São Paulo please",
    }
    assert swap(random.Random(3)) == swap(random.Random(3))


def test_each_epoch_has_made_up_examples_of_its_own():
    section = recipe(type="assistant", augment={"type": "slots"})
    made = load_splits(section)
    assert made.augmented(0) is None
    assert made.augmented(1) == load_splits(section).augmented(1) != made.augmented(2)


def _languages(write):
    """Two training files, one ten times as large."""
    names = {"en": 100, "th": 10}
    return [
        str(
            write(
                f"{name}.csv", "text,label\n" + "".join(f"{name} {i},{i % 2}\n" for i in range(n))
            )
        )
        for name, n in names.items()
    ]


def test_a_split_may_have_several_files(write):
    files = _languages(write)
    made = load_splits(recipe(type="csv", train=files, valid=files[1], test=files))
    assert (len(made.train), len(made.valid), len(made.test)) == (110, 10, 110)
    assert made.augment is None
    assert load_split(recipe(type="csv", train=files, valid=files[1], test=files), "test") == (
        made.test
    )


def test_an_epoch_takes_small_files_more_often_at_a_higher_temperature(write):
    files = _languages(write)
    cold = recipe(type="csv", train=files, valid=files[1], test=files)
    made = load_splits(cold.model_copy(update={"sampling_temperature": 2.0}))
    first, again, other = made.augmented(1), made.augmented(1), made.augmented(2)
    assert len(first) == 110 and first == again != other
    # 10 ** 0.5 against 100 ** 0.5.
    assert sum(e.text.startswith("th") for e in first) == 26
    counts = Counter(e.text for e in first if e.text.startswith("th"))
    assert len(counts) == 10 and set(counts.values()) == {2, 3}


def test_a_missing_file_of_several_is_named(write):
    files = _languages(write)
    with pytest.raises(EdgetextError, match=r"es\.csv: recipe .* names this file"):
        sources(recipe(type="csv", train=[*files, "es.csv"], valid=files, test=files))


def test_case_changes_and_bytes_do_not():
    example = Example("Straße nach Kıln 7", "go", (Span("city", 13, 18),))
    swap = SlotSwap(SlotsConfig(probability=0.001, case=1.0), [example])
    seen = {swap(random.Random(seed))[0] for seed in range(20)}
    assert {e.text for e in seen} == {"straße nach kıln 7", "STRASSE NACH KıLN 7"}
    assert {e.spans for e in seen} == {example.spans}
    rare = SlotSwap(SlotsConfig(probability=0.001, case=0.2), [example] * 200)
    changed = sum(e.text != example.text for e in rare(random.Random(1)))
    assert 20 < changed < 65
