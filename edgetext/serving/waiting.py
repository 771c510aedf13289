"""Requests that wait for one model: in their order, not too many, and none for too long.

How long another one would wait is known before it waits: by Little's law (J. Little, A Proof for
the Queuing Formula L = lambda W, 1961) it is the texts that wait, times the seconds from one answer
to the next, in which all that the server does is done, refusals too. To call a wait of 20 ms
overload, and to refuse by it at once, is the method of DAGOR (H. Zhou et al., Overload Control for
Scaling WeChat Microservices, 2018); by default it is a little less here.

A model answers on the event loop itself where it takes less than BRIEF: an answer of some tenths of
a millisecond takes 1.3 times the server's processor time when it is handed to a thread and back
(docs/results/serving.md). The loop takes one job a turn, so that connections are served between any
two, and where MANY wait as many as TURN has time for: answers that follow one another find the
processor's caches as they left them. One that comes when none waits and none was answered in this
turn is answered where it comes. A slower model answers in a thread of its own, and the loop stays
free.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from math import inf
from typing import Any

from edgetext.serving.exchange import RefusalError

Text = tuple[bytes, ...]
# What a model makes of some texts, one result each.
Run = Callable[[Sequence[Text]], Sequence[Any]]

# Seconds a model's answer may keep the event loop.
BRIEF = 0.005
# Seconds of one turn, after which others' connections are let in.
TURN = 0.0005
# Jobs that wait, of which a turn answers more than one.
MANY = 4
# Jobs that may wait for however slow a model: so many clients, each of which waits for its answer
# before it asks again, are no overload.
FEW = 16
# The share of the last turn in the mean of the seconds a text, and how many times the mean it
# counts as at most: a process that was stopped, or whose machine slept, is no slower afterwards.
SMOOTHING = 1 / 32
LONGEST = 8


# Jobs are told apart by identity.
@dataclass(slots=True, eq=False)
class Job:
    """Texts that are asked together. deadline: of time.perf_counter."""

    texts: Sequence[Text]
    run: Run
    deadline: float
    done: asyncio.Future[Sequence[Any]]
    results: list[Any] = field(default_factory=list)

    def left(self) -> Sequence[Text]:
        """Give the texts that are not answered yet."""
        return self.texts[len(self.results) :]


class Waiting:
    """The jobs of one model.

    most: how many may wait. at_once: how many texts one run of the model takes; those of jobs that
    wait together are put into one. threaded: whether runs go to a thread. longest: seconds that one
    more than FEW may be expected to wait. clock: gives seconds. pace: seconds from one text's
    answer to the next while there is work, their mean; 0 before the first. turn: seconds from one
    turn of the loop, or run in the thread, to the next one, their mean.
    """

    def __init__(
        self,
        name: str,
        most: int,
        at_once: int,
        threaded: bool,
        longest: float = inf,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.name = name
        self.most = most
        self.at_once = at_once
        self.longest = longest
        self.pace = self.turn = 0.0
        self._clock = clock
        # Texts that wait, and requests that were let in and are not here yet.
        self._texts = self._coming = 0
        # Texts answered in the last turn, or run, and when it began.
        self._ran, self._began = 0, 0.0
        self._jobs: deque[Job] = deque()
        self._busy = False
        self._threaded = threaded
        self._thread: ThreadPoolExecutor | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._jobs)

    def is_idle(self) -> bool:
        """Tell whether one text that comes now is answered where it comes."""
        return not (self._busy or self._threaded) and self.at_once == 1

    def full(self) -> bool:
        """Tell whether one more is refused."""
        waiting = len(self._jobs) + self._coming
        if waiting < FEW and waiting < self.most:
            return False
        # One turn passes before it is read, and one before its answer is written.
        seconds = (self._texts + self._coming) * self.pace + 2 * self.turn
        return waiting >= self.most or seconds > self.longest

    def let_in(self) -> None:
        """Keep a place for a request that is still read. The loop reads from many connections
        before it lets one of them ask; what is not there by the next turn has lost its place."""
        if not self._coming and not self._busy:
            # Of those who are refused for what they send none asks, and no turn would come.
            asyncio.get_running_loop().call_soon(self._forget)
        self._coming += 1

    def _forget(self) -> None:
        """Keep no place for whoever did not come."""
        self._coming = 0

    def refusal(self) -> RefusalError:
        """Give what is said to one too many."""
        return RefusalError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too many requests wait for {self.name}; ask again in a second",
            (b"retry-after", b"1"),
        )

    async def ask(self, texts: Sequence[Text], run: Run, deadline: float) -> Sequence[Any]:
        """Give what `run` makes of the texts, in their order.

        deadline: of time.perf_counter. RefusalError where too many wait, or where it passes before
        the last text is answered; what `run` raises is raised.
        """
        if self._coming:
            self._coming -= 1
        if self.full():
            raise self.refusal()
        if not texts:
            return []
        loop = asyncio.get_running_loop()
        if self.is_idle() and len(texts) == 1:
            return self._answer_now(texts, run, deadline, loop)
        if self._threaded and self._thread is None:
            self._thread = ThreadPoolExecutor(1, f"model-{self.name}")
        job = Job(texts, run, deadline, loop.create_future())
        self._jobs.append(job)
        self._texts += len(texts)
        if not self._busy:
            self._busy = True
            if self._thread is not None:
                self._hand_over(loop, self._thread)
            elif self.at_once == 1:
                # Of several texts the first is answered at once, too.
                self._turn(loop)
            else:
                loop.call_soon(self._turn, loop)
        if self._thread is None:
            # A job at the front is looked at each turn, which is when its deadline is seen.
            return await job.done
        try:
            left = None if deadline == inf else max(0.0, deadline - self._clock())
            async with asyncio.timeout(left):
                return await job.done
        except TimeoutError as error:
            raise _late() from error

    def close(self) -> None:
        """Let the thread go once all is answered: another version is asked from now on. Who asks
        this one even so, by an address that had it, is answered."""
        self._closed = True
        if not self._busy:
            self._end_thread()

    def _answer_now(
        self, texts: Sequence[Text], run: Run, deadline: float, loop: asyncio.AbstractEventLoop
    ) -> Sequence[Any]:
        """Answer one text before which none waits: a turn of its own, without a job."""
        self._began, self._coming = self._clock(), 0
        if deadline < self._began:
            raise _late()
        # What comes before the loop's next turn waits for that one, after a failure, too.
        self._busy = True
        loop.call_soon(self._turn, loop)
        results = run(texts)
        self._ran = len(results)
        return results

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer the job at the front, or as much of it as a turn has time for, and those behind it
        where many wait; of a file that takes several texts, one run of these."""
        start = now = self._clock()
        if self._ran:
            self._measure(start)
        self._began, self._coming = start, 0
        self._refuse_late(now)
        ran = bool(self._jobs)
        while self._jobs and now - start < TURN:
            chunk = self._chunk()
            try:
                results = chunk[0][0].run([text for _, texts in chunk for text in texts])
            except Exception as error:
                self._failed(chunk, error)
                break
            self._answered(chunk, results)
            if chunk[0][0].done.done() and len(self._jobs) < MANY:
                break
            now = self._clock()
            self._refuse_late(now)
        # The next one is the loop's next turn, also where nothing waits yet: see above.
        self._busy = ran or bool(self._jobs)
        if self._busy:
            loop.call_soon(self._turn, loop)

    def _hand_over(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor) -> None:
        """Give the thread what comes next; what it makes of it comes back to the loop."""
        now = self._clock()
        if self._ran:
            self._measure(now)
        self._began, self._coming = now, 0
        self._refuse_late(now)
        if not self._jobs:
            self._busy = False
            if self._closed:
                self._end_thread()
            return
        chunk = self._chunk()
        texts = [text for _, texts in chunk for text in texts]

        def back(future: asyncio.Future[Sequence[Any]]) -> None:
            error = future.exception()
            if error is None:
                self._answered(chunk, future.result())
            else:
                self._failed(chunk, error)
            self._hand_over(loop, thread)

        loop.run_in_executor(thread, chunk[0][0].run, texts).add_done_callback(back)

    def _measure(self, now: float) -> None:
        """Take the seconds since the turn began in which texts were answered last."""
        turn = now - self._began
        if self.turn:
            turn = min(turn, LONGEST * self.turn)
        share = SMOOTHING if self.pace else 1.0
        self.turn += (turn - self.turn) * share
        self.pace += (turn / self._ran - self.pace) * share
        self._ran = 0

    def _remove(self, job: Job) -> None:
        self._jobs.remove(job)
        self._texts -= len(job.texts) - len(job.results)

    def _chunk(self) -> list[tuple[Job, Sequence[Text]]]:
        """Give the texts of the next run, by job: those of the first, and of the ones behind it
        that ask the same of the model."""
        chunk: list[tuple[Job, Sequence[Text]]] = []
        room = self.at_once
        for job in self._jobs:
            if room == 0 or job.run != self._jobs[0].run:
                break
            texts = job.left()[:room]
            chunk.append((job, texts))
            room -= len(texts)
        return chunk

    def _answered(
        self, chunk: Sequence[tuple[Job, Sequence[Text]]], results: Sequence[Any]
    ) -> None:
        self._ran += len(results)
        self._texts -= len(results)
        at = 0
        for job, texts in chunk:
            job.results += results[at : at + len(texts)]
            at += len(texts)
            if len(job.results) == len(job.texts):
                self._jobs.remove(job)
                if not job.done.done():
                    job.done.set_result(job.results)

    def _failed(self, chunk: Sequence[tuple[Job, Sequence[Text]]], error: BaseException) -> None:
        for job, _ in chunk:
            self._remove(job)
            if not job.done.done():
                job.done.set_exception(error)

    def _refuse_late(self, now: float) -> None:
        """Take those from the front whose deadline has passed, or whose client is gone."""
        while self._jobs and (self._jobs[0].deadline < now or self._jobs[0].done.done()):
            job = self._jobs[0]
            self._remove(job)
            if not job.done.done():
                job.done.set_exception(_late())


def _late() -> RefusalError:
    return RefusalError(
        HTTPStatus.GATEWAY_TIMEOUT,
        "the answer was not ready before the deadline; ask again, ask less at once, or start the "
        "server with a longer --deadline-ms",
    )
