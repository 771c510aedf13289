"""Answers are remembered, but not for ever."""

from edgetext.serving.live.remembered import Remembered


def test_the_newest_stay():
    remembered = Remembered(2, 1)
    for i, name in enumerate("abc"):
        remembered.put(name, i, {"n": i})
    assert len(remembered) == 2
    assert remembered.get("a", 3) is None and remembered.get("c", 3) == {"n": 2}


def test_old_ones_go():
    remembered = Remembered(10, 1)
    remembered.put("a", 0, {})
    remembered.put("b", 3000, {})
    assert remembered.get("a", 3600) == {} and remembered.get("a", 3601) is None
    remembered.forget(3601)
    assert len(remembered) == 1


def test_an_update_keeps_the_time():
    remembered = Remembered(10, 1)
    remembered.put("a", 0, {"n": 0})
    remembered.changed.clear()
    remembered.update("a", {"n": 1})
    remembered.update("b", {})
    assert list(remembered.unstored()) == [("a", 0, b'{"n":1}')]
