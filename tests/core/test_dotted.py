"""Values of nested mappings by their dotted names."""

from edgetext.core.dotted import dotted


def test_each_value_has_the_names_above_it():
    section = {"a": 1, "b": {"c": None, "d": {"e": [2, {"f": 3}]}, "g": {}}}
    assert list(dotted(section)) == [
        ("a", 1),
        ("b.c", None),
        ("b.d.e", [2, {"f": 3}]),
        ("b.g", {}),
    ]
