"""Tag schemes read as spans over words."""

import pytest

from edgetext.data.tags import TagError, chunks, detect, read_as_conlleval


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


@pytest.mark.parametrize(
    ("scheme", "sentences", "odd"),
    [
        # CoNLL-2003 as it was published, with one B- that IOB1 would not write.
        ("iob1", ["I-PER O O I-LOC", "O I-LOC O", "I-PER B-MISC O"], 1),
        ("bio", ["B-PER I-PER O", "B-LOC O", "I-LOC O"], 1),
        ("bio", ["B-PER I-PER O B-LOC", "B-PER E-PER", "B-PER B-PER I-PER"], 1),
        ("iobes", ["B-PER E-PER S-LOC", "S-PER O", "B-PER I-PER", "B-PER E-PER"], 1),
    ],
)
def test_the_scheme_that_fewest_tags_break(scheme, sentences, odd):
    tags = [sentence.split() for sentence in sentences]
    assert detect(tags) == scheme
    assert sum(read_as_conlleval(each, scheme)[1] for each in tags) == odd


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("I-x I-x O I-x", [("x", 0, 2), ("x", 3, 4)]),
        ("B-x I-y I-y", [("x", 0, 1), ("y", 1, 3)]),
        ("S-x I-x E-x O E-y", [("x", 0, 1), ("x", 1, 3), ("y", 4, 5)]),
        ("U-x L-x B-x", [("x", 0, 1), ("x", 1, 2), ("x", 2, 3)]),
    ],
)
def test_any_tags_are_read_as_conlleval_reads_them(tags, spans):
    assert read_as_conlleval(tags.split(), "bio")[0] == spans


def test_labels_without_prefixes_are_of_words_or_of_spans():
    assert detect([["DT", "NN", "VBD"], ["DT", "NN"]]) == "words"
    assert detect([["O", "person-actor", "person-actor", "O"], ["O", "B-52"]]) == "io"
    assert chunks(["O", "x", "x", "y", "O", "x"], "io") == [("x", 1, 3), ("y", 3, 4), ("x", 5, 6)]
