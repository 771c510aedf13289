"""Texts about nothing known are made of the others, and are in training from its first epoch."""

import random
from collections import Counter

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.chain import Chain, ChainConfig
from edgetext.data.augment.negatives import KINDS, Negatives, NegativesConfig
from edgetext.data.example import Example, Span
from edgetext.recipe import Recipe
from edgetext.training.splits import load_splits

EXAMPLES = [
    *(Example(f"a{i} b{i} c{i} d{i}", "ab", (Span("x", 0, 2),)) for i in range(9)),
    *(Example(f"p{i} q{i} r{i}", "pq") for i in range(9)),
]


def made(**fields):
    return Negatives(NegativesConfig(**fields), EXAMPLES)


def test_a_share_of_all_texts_is_made_anew_for_each_epoch():
    negatives = made(share=0.25)
    one, again, other = (negatives(random.Random(seed)) for seed in (1, 1, 2))
    assert one[: len(EXAMPLES)] == EXAMPLES and one == again != other
    added = one[len(EXAMPLES) :]
    assert len(added) == 6 and {(e.intent, e.spans) for e in added} == {("oos", ())}


def test_each_kind_is_what_its_name_says():
    rng = random.Random(0)
    for negative in made(words=0).added(rng):
        kinds = ["ab" if word[0] in "abcd" else "pq" for word in negative.text.split()]
        # The first half of one text and the second one of another, of another label.
        assert len(set(kinds)) == 2 and kinds in (["ab"] * 2 + ["pq"] * 2, ["pq"] * 2 + ["ab"] * 2)
    known = {word for example in EXAMPLES for word in example.text.split()}
    for negative in made(mix=0, words=1).added(rng):
        assert set(negative.text.split()) <= known and len(negative.text.split()) in (3, 4)
    for negative in made(mix=0, words=0, drop=1).added(rng):
        words = negative.text.split()
        assert len(words) == 2 and any(set(words) <= set(e.text.split()) for e in EXAMPLES)


def test_a_text_without_spaces_is_mixed_by_its_characters():
    examples = [Example("東京の天気", "weather"), Example("音楽を流して", "music")]
    (negative,) = Negatives(NegativesConfig(words=0), examples).added(random.Random(1))
    assert negative.text in ("東京の流して", "音楽をの天気")


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        ([Example("a b", None, source="f:1")], "f:1: augment of type negatives"),
        ([Example("a b", "x", intents=("x",), source="f:2")], "f:2: augment of type negatives"),
        ([Example("a b", "x"), Example("c d", "x")], "less than 2"),
        ([Example("a", "x"), Example("b", "out_of_scope", source="f:3")], "label: out_of_scope"),
    ],
)
def test_data_that_cannot_have_them_is_refused(examples, words):
    with pytest.raises(EdgetextError, match=words):
        Negatives(NegativesConfig(), examples)


def test_no_kind_at_all_is_refused():
    with pytest.raises(ValueError, match="no negatives are asked for"):
        NegativesConfig(**dict.fromkeys(KINDS, 0.0))


def test_a_chain_adds_what_its_parts_add():
    config = ChainConfig(of=[{"type": "noise", "typo": 0.5}, {"type": "negatives"}])
    chain = Chain(config, EXAMPLES)
    added, epoch = chain.added(random.Random(0)), chain(random.Random(1))
    assert len(added) == 2 and len(epoch) == len(EXAMPLES) + len(added)


def test_training_has_their_label_from_its_first_epoch(tmp_path):
    lines = "".join(f"{e.intent}\t{e.text}\n" for e in EXAMPLES)
    for split in ("train", "valid", "test"):
        (tmp_path / f"{split}.tsv").write_text(lines)
    files = {split: str(tmp_path / f"{split}.tsv") for split in ("train", "valid", "test")}
    data = {"type": "tsv", "label": 0, "text": 1, "header": False, **files}
    data["augment"] = {"type": "negatives", "share": 0.25}
    fields = {"task": "classify", "name": "x", "data": data, "encoder": {"type": "bag"}}
    recipe = Recipe.from_dict(fields, "x.yaml")
    splits = load_splits(recipe)
    counts = Counter(example.intent for example in splits.train)
    assert counts == {"ab": 9, "pq": 9, "oos": 6}
    later = splits.augmented(1)
    assert len(later) == len(splits.train) and later != splits.train
    assert {example.intent for example in splits.valid} == {"ab", "pq"}
