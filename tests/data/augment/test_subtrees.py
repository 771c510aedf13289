"""Subtrees that change places: the trees stay whole, and the bytes of every node right."""

import random

from edgetext.data.augment.subtrees import SubtreesConfig, SubtreeSwap
from edgetext.data.example import Example
from edgetext.data.formats.top import Top
from edgetext.data.trees import spans_of, well_formed, write_tree

LINES = [
    "[IN:GO fly to [SL:CITY [IN:NAME São Paulo ] ] at [SL:TIME 7 ] ]",
    "[IN:GO [SL:CITY Köln ] please ]",
    "[IN:ASK [SL:CITY the town [SL:WHERE near [SL:CITY Łódź ] ] ] ? ]",
]


def examples(write):
    rows = []
    for line in LINES:
        words = [word for word in line.split() if word != "]" and word[0] != "["]
        rows.append(f"{' '.join(words)}\t{line}\n")
    return list(Top(Top.Config()).read(write("t.tsv", "".join(rows)), "train"))


def test_trees_stay_trees_over_their_own_text(write):
    given = examples(write)
    known = {chain for e in given for _, _, chain in spans_of(e.nodes)}
    swap = SubtreeSwap(SubtreesConfig(probability=0.7), given)
    seen = set()
    for seed in range(50):
        for made, old in zip(swap(random.Random(seed)), given, strict=True):
            assert well_formed(made.nodes) and made.intent == old.intent
            assert made.source == old.source
            assert {chain for _, _, chain in spans_of(made.nodes)} <= known
            seen.add(write_tree(made.text.encode(), made.nodes))
    assert set(LINES) <= seen
    assert "[IN:GO [SL:CITY [IN:NAME São Paulo ] ] please ]" in seen
    assert "[IN:GO fly to [SL:CITY Köln ] at [SL:TIME 7 ] ]" in seen
    # A chain is one subtree: nothing comes in the place of its lower part.
    assert not any("[IN:NAME Köln" in tree for tree in seen)


def test_the_same_seed_gives_the_same_trees(write):
    given = examples(write)
    swap = SubtreeSwap(SubtreesConfig(probability=0.7), given)
    assert swap(random.Random(3)) == swap(random.Random(3))
    bare = Example("no tree", None)
    assert SubtreeSwap(SubtreesConfig(), [bare])(random.Random(1)) == [bare]
