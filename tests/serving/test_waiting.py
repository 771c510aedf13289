"""Jobs that wait for a model: their order, their limits, and what runs together."""

import asyncio
import threading
import time
from math import inf

import pytest

from edgetext.serving.exchange import RefusalError
from edgetext.serving.waiting import FEW, MANY, Waiting

THREADED = pytest.mark.parametrize("threaded", [False, True])


def texts(*words):
    return [(word.encode(),) for word in words]


class Runs:
    """A model that says which texts came in which run."""

    def __init__(self, pause=0.0):
        self.pause = pause
        self.seen = []
        self.threads = set()

    def __call__(self, given):
        self.seen.append([text.decode() for (text,) in given])
        self.threads.add(threading.current_thread() is threading.main_thread())
        time.sleep(self.pause)
        return [text.upper() for (text,) in given]


def together(waiting, run, *jobs, deadline=inf):
    """Ask all at once; give each's results or refusal."""

    async def ask():
        asked = (waiting.ask(texts(*job), run, deadline) for job in jobs)
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(ask())


@THREADED
def test_results_are_in_the_order_of_texts_and_jobs(threaded):
    run = Runs()
    found = together(Waiting("m", 9, 1, threaded), run, "abc", "d", "ef")
    assert found == [[b"A", b"B", b"C"], [b"D"], [b"E", b"F"]]
    assert [len(one) for one in run.seen] == [1] * 6
    assert run.threads == {not threaded}


@THREADED
def test_what_waits_together_runs_together(threaded):
    run = Runs()
    found = together(Waiting("m", 9, 4, threaded), run, "a", "bc", "defgh", "i")
    assert found == [[b"A"], [b"B", b"C"], [b"D", b"E", b"F", b"G", b"H"], [b"I"]]
    assert "".join(map("".join, run.seen)) == "abcdefghi"
    assert max(map(len, run.seen)) == 4 and len(run.seen) < 9


@THREADED
def test_too_many_are_refused_at_once(threaded):
    found = together(Waiting("m", 2, 1, threaded), Runs(0.001), *"abcde")
    # On the event loop the first is answered when it comes, and does not wait.
    taken = 2 if threaded else 3
    assert found[:taken] == [[b"A"], [b"B"], [b"C"]][:taken]
    for refusal in found[taken:]:
        assert isinstance(refusal, RefusalError) and refusal.status == 429
        assert refusal.headers == ((b"retry-after", b"1"),)


@THREADED
def test_what_waited_too_long_is_not_run(threaded):
    waiting, run = Waiting("m", 9, 1, threaded), Runs(0.05)

    async def ask():
        end = time.perf_counter() + 0.04
        asked = (waiting.ask(texts(word), run, end) for word in "ab")
        late = await asyncio.gather(*asked, return_exceptions=True)
        return late, await waiting.ask(texts("c"), run, inf)

    late, last = asyncio.run(ask())
    assert isinstance(late[1], RefusalError) and late[1].status == 504
    assert run.seen == [["a"], ["c"]] and last == [b"C"]
    assert len(waiting) == 0


@THREADED
def test_a_failure_is_of_those_that_were_run(threaded):
    def run(given):
        if given == [(b"b",)]:
            raise ValueError("b")
        return given

    found = together(Waiting("m", 9, 1, threaded), run, "a", "b", "c")
    assert found[0] == texts("a") and found[2] == texts("c")
    assert isinstance(found[1], ValueError)


def test_other_work_goes_on_between_the_texts_of_one_job():
    waiting, order = Waiting("m", 9, 1, False), []

    def run(given):
        order.append("text")
        time.sleep(0.002)
        return given

    async def ask():
        asked = asyncio.create_task(waiting.ask(texts(*"abcdef"), run, inf))
        while not asked.done():
            order.append("turn")
            await asyncio.sleep(0)
        await asked

    asyncio.run(ask())
    assert "text text" not in " ".join(order)


def test_a_client_that_is_gone_is_passed_over():
    waiting, run = Waiting("m", 9, 1, False), Runs()

    async def ask():
        gone = asyncio.create_task(waiting.ask(texts("a"), run, inf))
        stays = asyncio.create_task(waiting.ask(texts("b"), run, inf))
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert asyncio.run(ask()) == [b"B"]
    assert len(waiting) == 0


@THREADED
def test_what_is_closed_answers_what_waits_and_what_comes_late(threaded):
    waiting, run = Waiting("closing", 9, 1, threaded), Runs(0.01)

    def alive():
        return any(x.name.startswith("model-closing") for x in threading.enumerate())

    async def ask():
        asked = [asyncio.ensure_future(waiting.ask(texts(word), run, inf)) for word in "abc"]
        await asyncio.sleep(0)
        waiting.close()
        first = await asyncio.gather(*asked)
        # By an address that had it, a request may come even then.
        return [*first, await waiting.ask(texts("d"), run, inf)]

    assert asyncio.run(ask()) == [[b"A"], [b"B"], [b"C"], [b"D"]]
    end = time.monotonic() + 60
    while alive() and time.monotonic() < end:
        time.sleep(0.01)
    assert not alive()


class Clock:
    """Seconds that pass where they are made to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def takes(self, seconds):
        """Give a model whose run takes so many seconds a text."""

        def run(given):
            self.now += seconds * len(given)
            return given

        return run


def paced(clock, seconds, longest=0.02, at_once=1):
    """Give a queue, not threaded, of which it is known how many seconds a text takes."""
    waiting = Waiting("m", 256, at_once, False, longest, clock)
    together(waiting, clock.takes(seconds), *"abcdef")
    assert waiting.pace == pytest.approx(seconds)
    return waiting


def taken(results):
    assert all(isinstance(x, list) or x.status == 429 for x in results)
    return sum(isinstance(x, list) for x in results)


def test_who_would_wait_too_long_is_refused():
    clock = Clock()
    waiting = paced(clock, 0.00101)
    # With 18 before it one takes 20 ms, of which a turn is before it is read and one before its
    # answer is written; the first of all is answered where it comes.
    assert taken(together(waiting, clock.takes(0.00101), *["a"] * 100)) == 1 + 18
    # Of two texts, the first still waits for its second one.
    assert taken(together(waiting, clock.takes(0.001), *["ab"] * 100)) == FEW
    assert len(waiting) == 0 and not waiting.full()


def test_any_wait_is_taken_where_none_is_too_long():
    clock = Clock()
    assert taken(together(paced(clock, 0.01, inf), clock.takes(0.01), *["a"] * 100)) == 100


def test_a_few_wait_for_however_slow_a_model():
    clock = Clock()
    assert taken(together(paced(clock, 4.0), clock.takes(4.0), *["a"] * 100)) == 1 + FEW


def test_all_that_is_done_between_two_answers_is_in_their_pace():
    clock = Clock()
    waiting, run = paced(clock, 0.001), clock.takes(0.001)

    async def ask():
        asked = [asyncio.ensure_future(waiting.ask(texts("a"), run, inf)) for _ in range(3)]
        while not all(one.done() for one in asked):
            clock.now += 0.003
            await asyncio.sleep(0)

    for _ in range(100):
        asyncio.run(ask())
    assert waiting.pace > 0.002
    pace = waiting.pace
    clock.now += 1000.0
    together(waiting, run, "a")
    # Nobody waited meanwhile.
    assert waiting.pace <= pace


def test_a_pause_of_the_process_says_nothing_of_what_comes():
    clock = Clock()
    waiting, run = paced(clock, 0.0003), clock.takes(0.0003)
    pauses = iter([60.0])

    def stopped(given):
        clock.now += next(pauses, 0.0)
        return run(given)

    together(waiting, stopped, "a", "a", "a")
    assert taken(together(waiting, run, *["a"] * 100)) > 2 * FEW
    # A model that has become slow for good is known for it in a while.
    for _ in range(200):
        together(waiting, clock.takes(0.2), "a", "a")
    assert waiting.pace > 0.15


def test_who_is_let_in_has_a_place_until_the_next_turn():
    clock = Clock()
    waiting = paced(clock, 0.00101)

    async def come():
        for _ in range(18):
            assert not waiting.full()
            waiting.let_in()
        assert waiting.full()

    asyncio.run(come())
    together(waiting, clock.takes(0.00101), "a")
    assert not waiting.full()


@THREADED
def test_who_is_let_in_and_never_asks_keeps_no_place(threaded):
    waiting = Waiting("m", 3, 1, threaded)

    async def come():
        for _ in range(9):
            assert not waiting.full()
            waiting.let_in()
            await asyncio.sleep(0)

    asyncio.run(come())


def test_who_is_let_in_takes_that_place():
    waiting = Waiting("m", 2, 1, True)

    async def ask():
        for _ in range(2):
            waiting.let_in()
        assert waiting.full()
        return await asyncio.gather(*(waiting.ask(texts(x), Runs(), inf) for x in "ab"))

    assert asyncio.run(ask()) == [[b"A"], [b"B"]]


def answers_a_turn(seconds, count):
    """Give how many of so many jobs are answered in each turn of the loop."""
    clock = Clock()
    waiting, run = Waiting("m", 256, 1, False, inf, clock), clock.takes(seconds)
    turns = []

    async def ask():
        asked = [asyncio.ensure_future(waiting.ask(texts("a"), run, inf)) for _ in range(count)]
        await asyncio.sleep(0)
        before = count - len(waiting)
        while len(waiting):
            await asyncio.sleep(0)
            turns.append(count - len(waiting) - before)
            before = count - len(waiting)
        await asyncio.gather(*asked)

    asyncio.run(ask())
    return [turn for turn in turns if turn]


def test_a_turn_answers_more_than_one_only_where_many_wait():
    assert max(answers_a_turn(0.0001, MANY)) == 1
    # As many as begin in half a millisecond.
    assert max(answers_a_turn(0.00011, 50)) == 5
    assert max(answers_a_turn(0.004, 50)) == 1
    assert sum(answers_a_turn(0.00011, 50)) == 49
