"""Attributes have other values for a while, and then their own again, however they came by them."""

import pytest

from edgetext.targets.patching import replaced


class Base:
    def call(self):
        return "base"

    @classmethod
    def make(cls):
        return cls


class Derived(Base):
    pass


def test_what_is_replaced_comes_back():
    before = dict(vars(Base)), dict(vars(Derived))
    changes = [(Derived, "call", lambda self: "other"), (Base, "make", staticmethod(lambda: 1))]
    with pytest.raises(RuntimeError), replaced(changes):
        assert (Derived().call(), Base().call(), Base.make()) == ("other", "base", 1)
        raise RuntimeError
    assert (dict(vars(Base)), dict(vars(Derived))) == before
    assert Derived.make() is Derived
