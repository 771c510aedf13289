"""The space: nothing larger than the teacher, every choice a recipe that can be trained."""

import pytest
from dice import Dice

from edgetext.model.checkpoint import Checkpoint
from edgetext.models import build_network
from edgetext.recipe import Recipe
from edgetext.search.space import Space, forms, in_words, key_of, shape_of
from edgetext.training.distill import student_recipe


@pytest.fixture
def space(teacher):
    checkpoint = Checkpoint.load(teacher)
    recipe = Recipe.from_dict(checkpoint.header.recipe)
    return Space.below(checkpoint.header, recipe, (".onnx",))


def test_no_value_is_larger_than_the_teachers(space):
    assert max(space.hidden) <= 32 and max(space.embedding) <= 32
    assert space.prunable


@pytest.mark.parametrize("seed", range(12))
def test_every_choice_of_a_student_builds(space, seed):
    choice = space.suggest(Dice(seed))
    if choice["way"] == "distil":
        recipe = student_recipe(space.student(choice, epochs=4))
        assert recipe.training.epochs == 4
        network = build_network(recipe.resolved(), 60, {"intent": ["a", "b"], "tags": ["O", "B-x"]})
        assert network.encoder.config.hidden == choice["hidden"]


def test_students_are_trained_alike_whatever_their_precision(space):
    choice = space.first()[0]
    assert space.student(choice).student.distillation.qat_epochs == 2
    others = space.siblings(choice)
    assert {(x["precision"], x.get("static")) for x in others} == {
        ("int8", True), ("int8", False), ("int4 embedding", True), ("int4 embedding", False),
        ("int4", None), ("float32", None),
    }  # fmt: skip
    assert len({key_of(other) for other in others}) == 6
    assert all(space.student(other) == space.student(choice) for other in others)
    assert {key_of(shape_of(other)) for other in others} == {key_of(shape_of(choice))}


def test_fixed_steps_are_for_convolutions_that_become_integers(space):
    choice = space.first()[0]
    assert space.convolves(choice)
    assert not space.convolves({**choice, "layers": 1})  # 3 x 16 x 32 weights
    assert not space.convolves({**choice, "encoder": "bag"})
    cut = {"precision": "int8", "vocabulary": 142, "way": "prune", "kept": 0.75}
    assert not space.convolves(cut) and space.convolves({**cut, "kept": 1})  # of 3 x 32 x 32
    bag = {**choice, "encoder": "bag"}
    assert {x["precision"] for x in space.siblings(bag)} == set(space.precisions)
    assert not any("static" in x for x in space.siblings(bag))


def test_each_precision_has_a_smaller_one_but_the_last(space):
    choice, seen = {**space.first()[0], "precision": "float32"}, []
    while choice is not None:
        seen.append(choice["precision"])
        choice = space.smaller(choice)
    assert seen == ["float32", "int8", "int4 embedding", "int4"]


def test_a_table_that_is_an_output_matrix_too_keeps_8_bits(lm):
    checkpoint = Checkpoint.load(lm)
    recipe = Recipe.from_dict(checkpoint.header.recipe)
    space = Space.below(checkpoint.header, recipe, (".onnx",))
    assert space.precisions == ("int8", "int4", "float32")


def test_the_recipes_own_student_comes_first(space):
    (choice,) = space.first()
    assert (choice["encoder"], choice["hidden"], choice["embedding"]) == ("conv", 32, 16)
    assert (choice["layers"], choice["attention"]) == (2, True)


def test_an_lstm_is_not_cut_where_executorch_has_to_run_it(teacher):
    checkpoint = Checkpoint.load(teacher)
    changed = {**checkpoint.header.recipe, "encoder": {"type": "lstm"}}
    recipe = Recipe.from_dict(changed)
    assert not Space.below(checkpoint.header, recipe, (".pte",)).prunable


def test_the_same_choice_has_the_same_name(space):
    choice = space.first()[0]
    assert key_of(choice) == key_of(dict(reversed(choice.items())))
    assert key_of(choice) != key_of({**choice, "layers": 3})


def test_an_encoder_says_whether_a_student_may_have_it(space, lm):
    assert list(forms()) == ["conv", "cnn", "transformer", "bag"]  # the smallest comes last
    assert space.encoders == ("conv", "cnn", "bag") and space.smallest()["encoder"] == "bag"
    header = Checkpoint.load(lm).header
    causal = Space.below(header, Recipe.from_dict(header.recipe), (".onnx",))
    assert causal.encoders == ("cnn", "transformer")


@pytest.mark.parametrize("kind", ["conv", "cnn", "bag"])
def test_each_encoder_gets_the_fields_that_it_has(space, kind):
    choice = {**space.first()[0], "encoder": kind}
    if not forms()[kind].layered:
        del choice["layers"], choice["attention"]
    encoder = space.student(choice).student.encoder
    assert encoder.type == kind and encoder.own_fields["hidden"] == 32
    assert encoder.own_fields.get("heads", 0) == {"conv": 1, "cnn": 2, "bag": 0}[kind]
    assert encoder.own_fields.get("normalize", False) is (kind == "conv")


def test_a_student_of_a_teacher_of_hashed_words_has_fewer_buckets(hashed):
    header = Checkpoint.load(hashed.with_name("hashed.pt")).header
    space = Space.below(header, Recipe.from_dict(header.recipe), (".onnx",))
    assert not space.prunable
    choice = space.suggest(Dice(1))
    text = space.student(choice).student.text
    assert text.hashed.buckets == choice["vocabulary"] <= 400
    assert text.hashed.lengths == [2, 4]


def test_a_student_may_have_hashed_words_where_bytes_tell_them(teacher, lm):
    header = Checkpoint.load(teacher).header
    recipe = Recipe.from_dict(header.recipe)
    space = Space.below(header, recipe, (".onnx",), hashed=True)
    assert space.texts == ("pieces", "hashed") and space.first()[0]["text"] == "pieces"
    choices = [space.suggest(Dice(seed)) for seed in range(12)]
    assert {x["text"] for x in choices if x["way"] == "distil"} == {"pieces", "hashed"}
    choice = {**space.first()[0], "text": "hashed"}
    text = space.student(choice).student.text
    assert (text.hashed.buckets, text.hashed.lengths) == (choice["vocabulary"], [2, 4])
    assert f"{choice['vocabulary']:,} buckets" in in_words(choice)
    # Words that are hashed are not cut at random.
    space.recipe.student.training.segmentation = 0.1
    assert space.texts == ("pieces", "hashed")
    assert space.student(choice).student.training.segmentation == 0
    assert space.student(space.first()[0]).student.training.segmentation == 0.1
    asked = Recipe.from_dict({**header.recipe, "text": {"keep_accents": True}, "student": None})
    assert Space.below(header, asked, (".onnx",), hashed=True).texts == ("pieces",)
    header = Checkpoint.load(lm).header
    recipe = Recipe.from_dict(header.recipe)
    assert Space.below(header, recipe, (".onnx",), hashed=True).texts == ("pieces",)
