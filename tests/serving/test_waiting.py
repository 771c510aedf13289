"""Jobs that wait for a model: their order, their limits, and what runs together."""

import asyncio
import threading
import time
from math import inf

import pytest

from edgetext.serving.exchange import RefusalError
from edgetext.serving.waiting import Waiting

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
