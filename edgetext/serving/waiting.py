"""Requests that wait for one model: in their order, not too many, and none for too long.

A model answers on the event loop itself where it takes less than BRIEF: an answer of some tenths of
a millisecond takes 1.3 times the server's processor time when it is handed to a thread and back
(docs/results/serving.md). The loop takes one job a turn, so that connections are served between any
two; one that comes when none waits and none was answered in this turn is answered where it comes. A
slower model answers in a thread of its own, and the loop stays free.
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
# Seconds of one turn, after which a job of many texts lets others' connections in.
TURN = 0.001


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
    wait together are put into one. threaded: whether runs go to a thread.
    """

    def __init__(self, name: str, most: int, at_once: int, threaded: bool) -> None:
        self.name = name
        self.most = most
        self.at_once = at_once
        self._jobs: deque[Job] = deque()
        self._busy = False
        self._threaded = threaded
        self._thread: ThreadPoolExecutor | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._jobs)

    async def ask(self, texts: Sequence[Text], run: Run, deadline: float) -> Sequence[Any]:
        """Give what `run` makes of the texts, in their order.

        deadline: of time.perf_counter. RefusalError where too many wait, or where it passes before
        the last text is answered; what `run` raises is raised.
        """
        if len(self._jobs) >= self.most:
            raise RefusalError(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{self.most} requests wait for {self.name}; ask again in a second",
                (b"retry-after", b"1"),
            )
        if not texts:
            return []
        loop = asyncio.get_running_loop()
        if self._threaded and self._thread is None:
            self._thread = ThreadPoolExecutor(1, f"model-{self.name}")
        job = Job(texts, run, deadline, loop.create_future())
        self._jobs.append(job)
        if not self._busy:
            self._busy = True
            if self._thread is not None:
                self._hand_over(loop, self._thread)
            elif self.at_once == 1:
                # What comes before the loop's next turn waits for that one.
                self._turn(loop)
            else:
                loop.call_soon(self._turn, loop)
        if self._thread is None:
            # A job at the front is looked at each turn, which is when its deadline is seen.
            return await job.done
        try:
            left = None if deadline == inf else max(0.0, deadline - time.perf_counter())
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

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer the job at the front, or as much of it as a turn has time for; of a file that
        takes several texts, one run."""
        start = now = time.perf_counter()
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
            if chunk[0][0].done.done():
                break
            now = time.perf_counter()
        # The next one is the loop's next turn, also where nothing waits yet: see above.
        self._busy = ran or bool(self._jobs)
        if self._busy:
            loop.call_soon(self._turn, loop)

    def _hand_over(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor) -> None:
        """Give the thread what comes next; what it makes of it comes back to the loop."""
        self._refuse_late(time.perf_counter())
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
            self._jobs.remove(job)
            if not job.done.done():
                job.done.set_exception(error)

    def _refuse_late(self, now: float) -> None:
        """Take those from the front whose deadline has passed, or whose client is gone."""
        while self._jobs and (self._jobs[0].deadline < now or self._jobs[0].done.done()):
            job = self._jobs.popleft()
            if not job.done.done():
                job.done.set_exception(_late())


def _late() -> RefusalError:
    return RefusalError(
        HTTPStatus.GATEWAY_TIMEOUT,
        "the answer was not ready before the deadline; ask again, ask less at once, or start the "
        "server with a longer --deadline-ms",
    )
