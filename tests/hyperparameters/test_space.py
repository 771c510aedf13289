"""Ranges and choices: read, checked against the recipe, and chosen from."""

import random

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.hyperparameters.space import Choices, Range, as_yaml, default_space, space_of
from edgetext.recipe import Recipe


class ByChance:
    """An optuna trial with a random generator."""

    def __init__(self, seed=1):
        self.random = random.Random(seed)

    def suggest_categorical(self, name, choices):
        return self.random.choice(choices)

    def suggest_float(self, name, low, high, *, log=False):
        return self.random.uniform(low, high)

    def suggest_int(self, name, low, high, *, log=False):
        return self.random.randint(low, high)


@pytest.fixture
def read(data, tmp_path):
    """read(*words, file=None) -> the space over the tiny recipe."""
    path = str(data / "classify.yaml")

    def space(*words, file=None):
        if file is not None:
            (tmp_path / "space.yaml").write_text(file)
            file = tmp_path / "space.yaml"
        return space_of(Recipe.load(path), path, (), file, words)

    return space


def test_words_are_ranges_and_choices(read):
    space = read(
        "training.learning_rate=log:5e-4..0.005",
        "training.token_dropout=0..0.2",
        "encoder.hidden=16..64",
        "encoder.layers=1|2",
        "training.class_weights=balanced|null",
    )
    assert space.domains == {
        "training.learning_rate": Range(0.0005, 0.005, log=True),
        "training.token_dropout": Range(0.0, 0.2),
        "encoder.hidden": Range(16, 64),
        "encoder.layers": Choices(("1", "2")),
        "training.class_weights": Choices(("balanced", "null")),
    }
    for seed in range(20):
        values = space.suggest(ByChance(seed))
        assert 0.0005 <= values["training.learning_rate"] <= 0.005
        assert isinstance(values["encoder.hidden"], int) and values["encoder.layers"] in (1, 2)
        assert values["training.class_weights"] in ("balanced", None)
        assert len(str(values["training.token_dropout"]).lstrip("0.")) <= 4


def test_a_file_has_sections_lists_and_dotted_names(read):
    file = "training: {learning_rate: log:0.001..0.01}\nencoder.hidden: [16, 32]\n"
    space = read("encoder.hidden=8|64", file=file)
    assert space.as_json() == {
        "training.learning_rate": "log:0.001..0.01",
        "encoder.hidden": "8|64",  # a word goes before the file
    }


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("training.learning_rte=0..1", "--search training.learning_rte.*did you mean learning_rat"),
        ("training.token_dropout=0..1.5", "training.token_dropout: input should be less than 1"),
        ("encoder.hidden=16|many", "--search encoder.hidden=16.many: .*encoder.hidden"),
        ("training.epochs=3", "neither a range nor choices"),
        ("training.epochs", "give a field and what to try"),
        ("training.epochs=9..3", "ends before it begins"),
        ("training.weight_decay=log:0..0.1", "a logarithm needs a lower end above 0"),
        ("training.epochs=3|3", "one choice leaves nothing to search"),
        ("training.epochs=3|[", "not a YAML value"),
        ("student.training.epochs=3|4", "does not read the student"),
    ],
)
def test_what_is_wrong_is_said(read, word, message):
    with pytest.raises(EdgetextError, match=message):
        read(word)


def test_a_file_names_its_field(read):
    with pytest.raises(EdgetextError, match=r"space.yaml: training.epochs: this is neither"):
        read(file="training: {epochs: 3}")


def test_the_default_begins_with_the_recipe_s_own_values(data):
    recipe = Recipe.load(data / "joint.yaml")
    space = default_space(recipe)
    start = space.start(recipe)
    assert start["training.learning_rate"] == 0.01 and start["encoder.dropout"] == 0
    assert "training.batch_size" not in start  # 8, which is none of the choices
    assert space.touches("encoder", "data") and not space.touches("data", "text")


def test_values_are_written_as_yaml_that_reads_alike():
    assert [as_yaml(x) for x in (1e-05, 3, None, "a", [1, 2], {"type": "bag"})] == [
        *("1.0e-05", "3", "null", "a", "[1, 2]", "{type: bag}"),
    ]
