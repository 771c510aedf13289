"""Tag schemes read as spans over words."""

import pytest

from edgetext.data.tags import TagError, chunks, detect


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("bio", "O B-x I-x B-x B-y"),
        ("iob1", "O I-x I-x B-x I-y"),
        ("iobes", "O B-x E-x S-x S-y"),
        ("bilou", "O B-x L-x U-x U-y"),
    ],
)
def test_one_sentence_in_every_scheme(scheme, tags):
    assert detect([tags.split()]) == scheme
    assert chunks(tags.split(), scheme) == [("x", 1, 3), ("x", 3, 4), ("y", 4, 5)]


def test_words_are_labels_themselves():
    assert chunks(["NOUN", "_", "X"], "words") == [("NOUN", 0, 1), ("X", 2, 3)]


def test_iob_takes_any_order():
    assert chunks(["I-x", "B-x", "I-y"], "iob") == [("x", 0, 1), ("x", 1, 2), ("y", 2, 3)]


@pytest.mark.parametrize(
    ("scheme", "tags", "position"),
    [
        ("bio", "O I-x", 1),
        ("bio", "B-x I-y", 1),
        ("iob1", "O B-x", 1),
        ("iobes", "B-x O", 1),
        ("iobes", "O B-x", 1),
        ("bilou", "L-x", 0),
        ("bio", "Z-x", 0),
        ("bio", "NOUN", 0),
    ],
)
def test_a_tag_that_breaks_its_scheme(scheme, tags, position):
    with pytest.raises(TagError) as caught:
        chunks(tags.split(), scheme)
    assert caught.value.position == position
