"""Values in a recipe's text: comments stay, and what is said is what was asked for."""

import yaml

from edgetext.hyperparameters.recipe_file import with_values
from edgetext.recipe import shipped_recipes

TEXT = """\
# A recipe.
name: mine  # of mine
encoder: {type: bag, hidden: 8}  # flow
training:
  # The rate.
  learning_rate: 0.01   # falls
  epochs: 3
"""


def test_comments_and_order_stay():
    text = with_values(
        TEXT, {"training.learning_rate": 0.002, "encoder.hidden": 16, "training.epochs": 5}
    )
    changes = (("0.01 ", "0.002 "), ("hidden: 8", "hidden: 16"), ("epochs: 3", "epochs: 5"))
    expected = TEXT
    for old, new in changes:
        expected = expected.replace(old, new)
    assert text == expected


def test_fields_and_sections_are_added():
    text = with_values(
        TEXT, {"training.patience": 2, "encoder.dropout": 0.1, "text.hashed.buckets": 100}
    )
    data = yaml.safe_load(text)
    assert data["training"] == {"learning_rate": 0.01, "epochs": 3, "patience": 2}
    assert data["encoder"] == {"type": "bag", "hidden": 8, "dropout": 0.1}
    assert data["text"] == {"hashed": {"buckets": 100}}
    assert text.count("#") == TEXT.count("#")


def test_a_section_gives_way_to_another():
    values = {"training": {"epochs": 1}, "encoder": {"type": "cnn"}}
    text = with_values(TEXT + "seed: 2\n", values)
    assert yaml.safe_load(text) == {"name": "mine", "seed": 2, **values}


def test_a_value_that_is_missing_is_written():
    assert yaml.safe_load(with_values("a:\nb: 1\n", {"a": 3})) == {"a": 3, "b": 1}


def test_what_has_anchors_is_written_anew():
    text = "a: &x {n: 1}\nb: *x\n"
    assert yaml.safe_load(with_values(text, {"b.n": 2})) == {"a": {"n": 1}, "b": {"n": 2}}


def test_every_shipped_recipe_keeps_its_comments():
    for path in shipped_recipes().values():
        text = path.read_text("utf-8")
        changed = with_values(text, {"training.learning_rate": 0.123, "training.r_drop": 0.5})
        data = yaml.safe_load(text)
        data["training"] |= {"learning_rate": 0.123, "r_drop": 0.5}
        assert yaml.safe_load(changed) == data
        assert changed.count("#") == text.count("#")
