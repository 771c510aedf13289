"""Few examples of each label, and the texts that are left."""

import random

from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext_bench.experiments.few_examples import drawn, files, sentences

EXAMPLES = [Example(f"{label} {i}", label) for label in ("b", "a", "oos") for i in range(5)]


def test_each_label_in_scope_has_as_many():
    chosen, rest = drawn(EXAMPLES, 2, random.Random(1))
    assert [example.intent for example in chosen] == ["a", "a", "b", "b"]
    assert len(rest) == 6 and not {e.text for e in rest} & {e.text for e in chosen}
    assert drawn(EXAMPLES, 2, random.Random(1)) == (chosen, rest)


def test_no_text_is_labeled_and_without_a_label(classify):
    made = files(Model.load(classify).recipe(), 2, random.Random(1))
    labeled = "\n".join(made["train.jsonl"] + made["valid.jsonl"])
    assert made["rest.txt"] and made["test.jsonl"]
    assert not [text for text in made["rest.txt"] if f'"text": "{text}"' in labeled]


def test_sentences_are_there_once(classify):
    recipe = Model.load(classify).recipe()
    kept = sentences([recipe, recipe], 40)
    assert kept == sorted(set(kept)) and max(len(text.encode()) for text in kept) <= 40
