"""Time by instruction of a `.pte`, whose Python runtime is built without its event tracer.

Each method is run cut short after 0, 1, 2 … of its instructions; what one more costs is that
instruction's time. The programs are the artifact's own bytes but for the length of the chain.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from edgetext.targets.executorch.bindings import load_program
from edgetext.targets.executorch.program import instructions, shortened
from edgetext.targets.executorch.session import FORWARD, TOKENIZE

# Of each length: passes over all lengths, calls in a pass, and the first calls that warm up.
PASSES, CALLS, WARM_UP = 5, 16, 4
CALL = "a call of the method"


def instruction_times(content: bytes, texts: Sequence[np.ndarray]) -> list[tuple[str, float]]:
    """(name, microseconds) of every instruction of `tokenize` and `forward` in turn.

    texts: uint8[1, n] of each. The names begin with the method; the call itself has CALL.
    """
    import torch

    whole = load_program(content)
    given = [torch.from_numpy(text) for text in texts]
    pieces = [piece.clone() for piece in whole.load_method(TOKENIZE).execute(given)]
    network = whole.load_method(FORWARD)
    inputs = {
        TOKENIZE: given,
        FORWARD: pieces[: network.metadata.num_inputs()],
    }
    times = []
    for method, given in inputs.items():
        steps = instructions(content, method)
        totals = np.array(list(_totals(content, method, given, len(steps))))
        names = [CALL, *(step.name for step in steps)]
        each = np.diff(rising(totals), prepend=0.0)
        times += [(f"{method}: {name}", float(x)) for name, x in zip(names, each, strict=True)]
    return times


def _totals(content: bytes, method: str, given: list[Any], steps: int) -> Iterator[float]:
    """Microseconds of the method cut after 0 … steps instructions: the least of the passes'
    medians, since noise only ever adds."""
    best = np.full(steps + 1, np.inf)
    for _ in range(PASSES):
        for count in range(steps + 1):
            # Loaded anew each time: a hundred programs at once would not fit the caches.
            cut = load_program(shortened(content, method, count))
            run = cut.load_method(method)
            taken = []
            for _ in range(WARM_UP + CALLS):
                start = time.perf_counter_ns()
                run.execute(given)
                taken.append(time.perf_counter_ns() - start)
            best[count] = min(best[count], float(np.median(taken[WARM_UP:])) / 1e3)
    yield from best


def rising(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """float64[n]: the nearest sequence, by squares, that never falls (pool adjacent violators,
    Barlow et al. 1972): one more instruction never saves time."""
    sums: list[tuple[float, int]] = []
    for value in values:
        total, count = float(value), 1
        while sums and sums[-1][0] / sums[-1][1] > total / count:
            before, many = sums.pop()
            total, count = total + before, count + many
        sums.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in sums])
