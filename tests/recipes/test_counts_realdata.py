"""Every shipped recipe reads the whole of its data, as much as its head says."""

import itertools

import pytest

from edgetext.core.files import read_bytes
from edgetext.recipe import Recipe, find_recipe, shipped_recipes
from edgetext.tasks.learner import learner_of
from edgetext.training.splits import load_splits

pytestmark = pytest.mark.realdata
# train, valid and test examples; the labels of each kind that training has.
READ = {
    "clinc150_intent": ((15100, 3100, 5500), {"intent": 151}),
    "clinc150_pairs": ((30000, 6000, 9000), {"intent": 2}),
    "ewt_pos": ((12544, 2001, 2077), {"tags": 67}),
    "mtod_multilingual": ((36294, 7399, 13356), {"intent": 12, "tags": 33}),
    "multi_task": (
        # Those of SNIPS twice.
        (53812, 5801, 8277),
        {"snips.intent": 7, "snips.tags": 79, "clinc150.intent": 151, "ewt.tags": 67},
    ),
    "pawsx_match": ((8969, 901, 9912), {"intent": 2}),
    "pii_redact": ((20000, 1000, 2000), {"tags": 29}),
    "scitldr_summary": ((1992, 619, 618), {}),
    "snips_joint": ((13084, 700, 700), {"intent": 7, "tags": 79}),
    "top_parse": ((28414, 4032, 8241), {"nodes": 58, "chains": 116, "roots": 20}),
    "tydiqa_qa": ((5063, 415, 973), {}),
    "wikitext_lm": ((23767, 2461, 2891), {}),
    "wnut17_ner": ((3394, 1009, 1287), {"tags": 13}),
}


def test_every_recipe_on_files_is_among_them():
    assert {*READ, "assistant_joint"} == set(shipped_recipes())


@pytest.mark.parametrize("name", READ)
def test_a_recipe_reads_what_its_head_says(name):
    counts, labels = READ[name]
    recipe = Recipe.load(name)
    splits = load_splits(recipe)
    assert (len(splits.train), len(splits.valid), len(splits.test)) == counts
    learner = learner_of(recipe.task)
    found = {kind: len(names) for kind, names in learner.labels(splits.train).items()}
    assert {kind: found[kind] for kind in labels} == labels
    head = read_bytes(find_recipe(name)).decode().split("\nname:")[0].replace("\n# ", " ")
    assert f"{len(learner.task.questions(splits.test)):,} " in head


def test_no_passage_is_in_two_splits():
    splits = load_splits(Recipe.load("tydiqa_qa"))
    passages = [{e.text_b for e in part} for part in (splits.train, splits.valid, splits.test)]
    assert all(a.isdisjoint(b) for a, b in itertools.combinations(passages, 2))


def test_lines_that_translate_each_other_have_one_label():
    """The labels of PAWS-X's test are in a file of their own: they must be those of the line."""
    splits = load_splits(Recipe.load("pawsx_match"))
    for examples in (splits.train, splits.test):
        lines = {}
        for example in examples:
            lines.setdefault(example.source.rpartition(":")[2], set()).add(example.intent)
        assert all(len(labels) == 1 for labels in lines.values())
    english = [example.intent for example in splits.test if "test-en" in example.source]
    assert round(100 * english.count("different") / len(english), 1) == 54.7
