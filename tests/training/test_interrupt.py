"""Ctrl-C is held back, once."""

import signal
import threading

import pytest

from edgetext.training.interrupt import held_back


def press():
    signal.raise_signal(signal.SIGINT)


def test_the_first_is_noted_and_the_second_raises():
    with held_back() as interrupt:
        assert not interrupt.came
        press()
        assert interrupt.came
        with pytest.raises(KeyboardInterrupt):
            press()
    with pytest.raises(KeyboardInterrupt):
        press()


def test_a_handler_of_the_program_stays():
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(1))
    try:
        with held_back() as interrupt:
            press()
    finally:
        signal.signal(signal.SIGINT, before)
    assert pressed == [1] and not interrupt.came


def test_in_another_thread_nothing_is_held_back():
    came = []

    def block():
        with held_back() as interrupt:
            came.append(interrupt.came)

    thread = threading.Thread(target=block)
    thread.start()
    thread.join()
    assert came == [False]
