"""`augment` of types `noise` and `chain`: what an epoch shows, and what recipes may say."""

import random

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.chain import Chain, ChainConfig
from edgetext.data.augment.noise import Noise, NoiseConfig
from edgetext.data.augment.subtrees import SubtreesConfig, SubtreeSwap
from edgetext.data.example import Example, Node, Span
from edgetext.recipe import Recipe

CITIES = ["Paris", "Oslo", "New York", "Zürich"]


def examples():
    given = []
    for number in range(200):
        city = CITIES[number % 4]
        text = f"please book a flight to {city}"
        start = text.encode().index(city.encode())
        given.append(Example(text, "x", (Span("city", start, start + len(city.encode())),)))
    return given


def test_a_share_of_the_texts_is_noised_anew_each_time():
    noise = Noise(NoiseConfig(share=0.25, typo=1.0), examples())
    epochs = [noise(random.Random(seed)) for seed in (1, 1, 2)]
    assert epochs[0] == epochs[1] != epochs[2]
    changed = [new for old, new in zip(examples(), epochs[0], strict=True) if new != old]
    assert 25 < len(changed) < 75


def test_noise_may_change_slot_values_first():
    noise = Noise(NoiseConfig(share=0.01, typo=0.01, slots=1.0), examples())
    given = noise(random.Random(1))
    values = [e.text.encode()[e.spans[0].start : e.spans[0].end].decode() for e in given]
    assert set(values) >= set(CITIES) and values[:4] != CITIES


def test_a_chain_gives_each_what_the_one_before_made():
    parts = [{"type": "slots", "probability": 1.0}, {"type": "noise", "share": 1.0, "case": 1.0}]
    given = Chain(ChainConfig(of=parts), examples())(random.Random(3))
    values = [e.text.encode()[e.spans[0].start : e.spans[0].end].decode() for e in given]
    assert {v.casefold() for v in values} == {c.casefold() for c in CITIES}
    assert sum(v.casefold() != CITIES[i % 4].casefold() for i, v in enumerate(values)) > 100
    assert "PARIS" in values and "paris" in values


def test_a_noised_text_says_what_it_was_as_long_as_its_words_are_the_same():
    noise = {"type": "noise", "share": 0.5, "typo": 1.0}
    once = Chain(ChainConfig(of=[noise]), examples())(random.Random(1))
    assert 50 < sum(e.clean is not None for e in once) < 150
    assert all((e.clean or e) == old for e, old in zip(once, examples(), strict=True))
    twice = Chain(ChainConfig(of=[noise, noise]), examples())(random.Random(1))
    assert all((e.clean or e) == old for e, old in zip(twice, examples(), strict=True))
    swapped = Chain(ChainConfig(of=[noise, {"type": "slots"}]), examples())(random.Random(1))
    assert not any(e.clean for e in swapped)
    tree = (Node("ask", 0, 1, 0),)
    noised = [Example("b", None, nodes=tree, clean=Example("a", None, nodes=tree))]
    (moved,) = SubtreeSwap(SubtreesConfig(), noised)(random.Random(1))
    assert moved.text == "b" and moved.clean is None


FIELDS = {
    "name": "tiny",
    "task": "joint",
    "encoder": {"type": "bag", "embedding": 16, "hidden": 16},
}


def recipe_with(augment):
    return Recipe.from_dict({**FIELDS, "data": {"type": "assistant", "augment": augment}})


def test_a_list_is_a_chain_and_survives_a_checkpoint():
    recipe = recipe_with(["slots", {"type": "noise", "typo": 0.2}])
    augment = recipe.resolved()["data"]["augment"]
    assert augment["type"] == "chain" and augment["of"][0]["probability"] == 0.3
    assert Recipe.from_dict(recipe.resolved()).resolved() == recipe.resolved()


@pytest.mark.parametrize(
    ("augment", "words"),
    [
        ({"type": "noise"}, "no noise is asked for; set one of asr"),
        ({"type": "noise", "tpyo": 0.1}, "tpyo is not a field of .* did you mean typo"),
        ({"type": "noise", "typo": 1.5}, "augment.typo"),
        (["slots", "nosie"], "augment.of: 1.type: nosie is not a type .* did you mean noise"),
        ([], "augment.of"),
        (["slots", {"type": "noise", "typ": 1}], "augment.of: 1.typ is not a field"),
    ],
)
def test_what_is_refused(augment, words):
    with pytest.raises(EdgetextError, match=words):
        recipe_with(augment)
