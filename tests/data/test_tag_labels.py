"""What a model's tags say of spans."""

from edgetext.data.tag_labels import read_labels


def test_bio_in_any_order():
    labels = read_labels(["I-per", "O", "B-loc", "B-per", "I-loc"])
    assert (labels.scheme, labels.slots) == ("bio", ("per", "loc"))
    assert labels.slot == (0, -1, 1, 0, 1)
    assert labels.begins == (False, False, True, True, False) and not any(labels.ends)


def test_tags_that_close_spans():
    bilou = read_labels(["O", "B-a", "I-a", "L-a", "U-a"])
    assert (bilou.scheme, bilou.slots) == ("bilou", ("a",))
    assert bilou.begins == (False, True, False, False, True)
    assert bilou.ends == (False, False, False, True, True)
    assert read_labels(["B-a", "E-a", "S-a", "O"]).scheme == "iobes"


def test_plain_tags_are_labels():
    labels = read_labels(["NOUN", "PROPN-x", "O"])
    assert (labels.scheme, labels.slots, labels.slot) == ("io", ("NOUN", "PROPN-x"), (0, 1, -1))
    assert not any(labels.begins)


def test_a_label_with_a_dash_keeps_it():
    assert read_labels(["O", "B-a-b", "I-a-b"]).slots == ("a-b",)
