"""The bracket format: read, written, and what is wrong with a tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.data.example import Node
from edgetext.data.trees import TreeError, read_tree, well_formed, write_tree

FAIRS = "[IN:EVENT Art fairs [SL:WHEN this weekend ] in [SL:WHERE [IN:PLACE [SL:CITY Łódź ] ] ] ]"


def test_nodes_count_words_and_stand_in_preorder():
    tree = read_tree(FAIRS)
    assert tree.words == ("Art", "fairs", "this", "weekend", "in", "Łódź")
    assert tree.nodes == (
        Node("IN:EVENT", 0, 6, 0),
        Node("SL:WHEN", 2, 4, 1),
        Node("SL:WHERE", 5, 6, 1),
        Node("IN:PLACE", 5, 6, 2),
        Node("SL:CITY", 5, 6, 3),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "is empty"),
        ("go on", "begins with 'go'; begin with the root's bracket"),
        ("] [A go ]", "closes a bracket that is not open"),
        ("[A go ] ]", "closes a bracket that is not open"),
        ("[A go [B on ]", "does not close A"),
        ("[A go ] on", "goes on with 'on' after its root has closed"),
        ("[A go ] [B on ]", "give it one root"),
        ("[A go [B ] ]", "has a node B without words"),
        ("[A go [ on ] ]", "has a `[` without a label"),
    ],
)
def test_a_malformed_tree_is_named(line, words):
    with pytest.raises(TreeError) as error:
        read_tree(line)
    assert words in str(error.value)


@st.composite
def trees(draw, depth=0):
    """Bracketed lines with words that may hold any script."""
    word = st.text("aé東😀'", min_size=1, max_size=3)
    inner = st.one_of(word, trees(depth=depth + 1)) if depth < 3 else word
    return f"[{draw(st.sampled_from('XYZ'))} {' '.join(draw(st.lists(inner, min_size=1)))} ]"


def in_bytes(tree):
    """The words with spaces between, and the nodes over their bytes."""
    text = " ".join(tree.words).encode()
    start = [len(" ".join(tree.words[:i]).encode()) + (i > 0) for i in range(len(tree.words))]
    end = [a + len(word.encode()) for a, word in zip(start, tree.words, strict=True)]
    return text, [Node(n.label, start[n.start], end[n.end - 1], n.depth) for n in tree.nodes]


@given(trees())
@settings(max_examples=40)
def test_what_was_read_is_written_again(line):
    text, nodes = in_bytes(read_tree(line))
    assert write_tree(text, nodes) == line
    assert well_formed(nodes)


def test_a_node_may_divide_what_stands_between_spaces():
    nodes = [Node("A", 0, 9, 0), Node("B", 0, 4, 1), Node("C", 8, 9, 1)]
    assert write_tree(b"what's up", nodes) == "[A [B what ] 's u [C p ] ]"


def test_spaces_around_the_tree_are_nothing():
    assert write_tree(b"  go  on ", [Node("A", 2, 8, 0)]) == "[A go on ]"
    assert write_tree(b" ", []) == ""


@pytest.mark.parametrize(
    "rows",
    [
        [("A", 0, 4, 1)],  # no root
        [("A", 0, 4, 0), ("B", 0, 4, 0)],  # two roots
        [("A", 0, 4, 0), ("B", 1, 2, 2)],  # a step of two
        [("A", 0, 4, 0), ("B", 1, 5, 1)],  # beyond its parent
        [("A", 0, 6, 0), ("B", 1, 3, 1), ("C", 2, 4, 1)],  # siblings that cross
        [("A", 0, 6, 0), ("B", 3, 4, 1), ("C", 1, 2, 1)],  # another order
        [("A", 0, 6, 0), ("B", 1, 4, 1), ("C", 1, 2, 2), ("D", 3, 5, 1)],
        [("A", 0, 6, 0), ("B", 2, 2, 1)],  # empty
    ],
)
def test_what_is_no_tree(rows):
    assert not well_formed([Node(*row) for row in rows])
