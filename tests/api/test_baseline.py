"""Where a model stands beside a linear one."""

import pytest

from edgetext.api.baseline import Standing, check_baseline, standings, worth_trying
from edgetext.core.errors import EdgetextError
from edgetext.recipe import Recipe
from edgetext.training.linear import LinearScore


@pytest.mark.parametrize("task", ["classify", "joint"])
def test_the_linear_model_has_the_same_splits_and_metric(task, data):
    (standing,) = standings(Recipe.load(data / f"{task}.yaml"), {"accuracy": 0.5})
    assert (standing.metric, standing.linear.given, standing.model) == ("accuracy", 96, 0.5)
    assert standing.linear.value > 0.9


def test_each_part_of_several_that_gives_a_label_has_one(data, write_recipe):
    recipe = Recipe.load(write_recipe(data, "parts", "multi"))
    metrics = {"trips.accuracy": 1.0, "kind.accuracy": 1.0, "names.span_f1": 1.0}
    assert [x.metric for x in standings(recipe, metrics)] == ["trips.accuracy", "kind.accuracy"]


def test_a_task_without_a_label_a_text_is_refused(data, write_recipe):
    with pytest.raises(EdgetextError, match="task tag gives no text a label"):
        check_baseline(Recipe.load(write_recipe(data, "spans", "tag")))


TRIES = ["more epochs", "a larger `encoder`"]


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (0.93, "reaches accuracy 91.20 on the test split; this one 93.00, 1.80 points above"),
        (0.90, "this one 90.00, 1.20 points below; try more epochs or a larger `encoder`"),
        (0.912, "this one 91.20, no better; try more epochs"),
    ],
)
def test_the_sentence_says_who_is_ahead(model, says):
    assert says in Standing("accuracy", LinearScore(0.912, 10, 10), model, TRIES).sentence


def test_what_a_recipe_has_already_is_not_to_be_tried(data):
    recipe = Recipe.load(data / "classify.yaml")
    assert [x.split("`")[1] for x in worth_trying(recipe)] == [
        "training.r_drop: 1",
        "text.hashed: {}",
        "training.epochs",
        "encoder",
    ]
    has_both = Recipe.load(data / "classify.yaml", ["text.hashed={}", "training.r_drop=1"])
    assert worth_trying(has_both) == ["more epochs (`training.epochs`)", "a larger `encoder`"]


def test_where_nothing_can_be_better_there_is_nothing_to_try():
    sentence = Standing("accuracy", LinearScore(1.0, 10, 10), 1.0, TRIES).sentence
    assert sentence.endswith("this one 100.00, no better")


def test_of_too_many_labels_the_sentence_says_so():
    sentence = Standing("micro_f1", None, 0.93, TRIES).sentence
    assert sentence.startswith("of so many labels no linear model was trained")


def test_the_sentence_says_of_how_many_texts_it_learnt():
    sentence = Standing("accuracy", LinearScore(0.9, 5_000, 100_000), 0.93, TRIES).sentence
    assert "on 5,000 of 100,000 texts" in sentence
