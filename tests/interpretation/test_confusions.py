"""Groups of labels that are taken for one another."""

from edgetext.interpretation.confusions import groups

COUNTS = {
    ("yes", "yes"): 60,
    ("yes", "maybe"): 30,
    ("maybe", "yes"): 20,
    ("maybe", "maybe"): 80,
    ("tax", "bill"): 5,
    ("bill", "bill"): 95,
    ("tax", "tax"): 95,
    ("yes", "tax"): 1,
    ("", "tax"): 40,
    ("rain", "rain"): 10,
    ("rain", ""): 9,
}


def test_labels_are_grouped_by_who_is_taken_for_whom():
    first, second = groups("intent", COUNTS)
    assert set(first.labels) == {"yes", "maybe"} and set(second.labels) == {"bill", "tax"}
    assert first.pairs == {("yes", "maybe"): 30, ("maybe", "yes"): 20}
    assert (first.kind, first.times, second.times) == ("intent", 50, 5)


def test_a_chain_of_rare_confusions_is_no_group():
    counts = {(f"l{n}", f"l{n}"): 100 for n in range(6)}
    counts |= {(f"l{n}", f"l{n + 1}"): 4 for n in range(5)}
    parts = groups("intent", counts)
    assert parts and max(len(part.labels) for part in parts) <= 3


def test_nothing_is_confused():
    assert groups("intent", {("a", "a"): 3}) == []
    assert groups("intent", {("a", "a"): 3, ("a", "b"): 1}) == []
    assert groups("span", {("", "a"): 3, ("a", ""): 2}) == []
