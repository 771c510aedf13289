"""The measuring process: one contender, loaded fresh, pinned, asked through a pipe.

    python -m edgetext.timing.worker < requests

The first line is {"entry", "threads", "cores", "text"}; its reply says what starting cost. Then a
request a line: {"answers": [text, ...]}, {"texts": [[text, ...], ...]} (the calls to time; a call
with one text is an `answer`, with more an `answer_batch`), {"network": [text, ...],
"decoded": bool} (the calls are then those of the network alone), {"time": calls},
{"operators": text}, {"work": [text, ...]}, {"marked": [text, ...]}.
What is called a text here is a list of two where the task reads two. Replies are a line of JSON
each; answers are pickled in it, whatever their task, since both ends are this package's.
"""

from __future__ import annotations

import os
import sys
import time

STARTED = time.perf_counter_ns()

import base64  # noqa: E402  (what Python itself needs to start is not the contender's)
import gc  # noqa: E402
import importlib  # noqa: E402
import json  # noqa: E402
import pickle  # noqa: E402
from collections.abc import Callable, Iterator, Sequence  # noqa: E402
from functools import partial  # noqa: E402
from itertools import cycle, islice  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import IO, TYPE_CHECKING, Any  # noqa: E402

if TYPE_CHECKING:
    from edgetext.timing.contenders import Entry

Call = Callable[[], object]

# Answers before the peak of memory is read: buffers have grown by then.
SETTLE = 10


def main() -> None:
    # Whatever a library prints would be read as a reply.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin
    start = json.loads(requests.readline())
    contender = _begin(start, replies)
    calls = _answers(contender, [[start["text"]]])
    prepared: dict[bool, Callable[[str], Call]] = {}
    for line in requests:
        request = json.loads(line)
        if "answers" in request:
            _reply(replies, answers=_packed([_ask(contender, x) for x in request["answers"]]))
        elif "texts" in request:
            calls = _answers(contender, request["texts"])
            _reply(replies, batching=contender.batching)
        elif "network" in request:
            from edgetext.timing.network import network_alone

            decoded = request["decoded"]
            if decoded not in prepared:
                path = Path(start["entry"]["path"])
                prepared[decoded] = network_alone(path, start["threads"], decoded)
            calls = cycle([prepared[decoded](text) for text in request["network"]])
            _reply(replies)
        elif "time" in request:
            _reply(replies, ns=_time(calls, request["time"]))
        elif "marked" in request:
            _answer_marked(contender, request["marked"])
            _reply(replies)
        elif "operators" in request:
            found, note = contender.operators(request["operators"])
            _reply(replies, operators=found, note=note)
        elif "work" in request:
            from edgetext.timing.work import work

            _reply(replies, work=work(Path(start["entry"]["path"]), request["work"]))


def _begin(start: dict[str, Any], replies: IO[str]) -> Any:
    from edgetext.timing.machine import pin

    pin(start["cores"])
    from edgetext.timing.contenders import Entry, make

    entry = Entry.from_json(start["entry"])
    _import(entry, start["threads"])
    imported = time.perf_counter_ns()
    before = _memory("VmRSS")
    peak = _memory("VmHWM")
    _forget_peak()
    contender = make(entry, start["threads"])
    loaded = time.perf_counter_ns()
    _ask(contender, start["text"])
    first = time.perf_counter_ns()
    for _ in range(SETTLE):
        _ask(contender, start["text"])
    grown = _memory("VmHWM")
    _reply(
        replies,
        import_ms=(imported - STARTED) / 1e6,
        load_ms=(loaded - imported) / 1e6,
        first_ms=(first - loaded) / 1e6,
        peak_bytes=max(peak, grown),
        model_bytes=max(0, grown - before),
        batching=contender.batching,
    )
    return contender


def _import(entry: Entry, threads: int) -> None:
    """Import the libraries of a runtime, so that loading a model is timed apart from loading them;
    ExecuTorch has its threads from then on."""
    if entry.libraries:
        for library in entry.libraries:
            importlib.import_module(library)
        importlib.import_module(entry.maker.partition(":")[0])
        return
    from edgetext.targets.catalog import of_way

    target, way = of_way(entry.runtime)
    target.start(way.name, threads)
    import edgetext.predictor  # noqa: F401


def _answers(contender: Any, calls: Sequence[Sequence[Any]]) -> Iterator[Call]:
    """The calls to time, over and over."""
    from edgetext.timing.texts import parts

    return cycle(
        partial(contender.answer, *parts(questions[0]))
        if len(questions) == 1
        else partial(contender.answer_batch, questions)
        for questions in calls
    )


def _time(calls: Iterator[Call], count: int) -> list[int]:
    """Nanoseconds of each of the next `count` calls."""
    taken = []
    clock = time.perf_counter_ns
    gc.collect()
    gc.disable()
    for call in islice(calls, count):
        start = clock()
        call()
        taken.append(clock() - start)
    gc.enable()
    return taken


def _answer_marked(contender: Any, texts: Sequence[Any]) -> None:
    """Answer between two system calls that nothing else makes, for counting.Counter."""
    gc.collect()
    gc.disable()
    os.getppid()
    for text in texts:
        _ask(contender, text)
    os.getppid()
    gc.enable()


def _ask(contender: Any, question: Any) -> Any:
    from edgetext.timing.texts import parts

    return contender.answer(*parts(question))


def _packed(answers: list[Any]) -> str:
    return base64.b64encode(pickle.dumps(answers)).decode("ascii")


def _memory(field: str) -> int:
    """Bytes of a field of /proc/self/status; 0 where a system has none."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _forget_peak() -> None:
    """Let VmHWM count from now; without the right to, it keeps the peak of the imports."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as control:
            control.write("5")
    except OSError:
        pass


def _reply(replies: IO[str], **values: Any) -> None:
    replies.write(json.dumps(values) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
