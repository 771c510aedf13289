"""When a canary ends: its guards, each judged by an interval so that noise does not trip it."""

from __future__ import annotations

from collections.abc import Iterator

from edgetext.serving.live.intervals import (
    at_least,
    at_most,
    difference_at_most,
    look,
    quantile_bounds,
)
from edgetext.serving.live.settings import Guards
from edgetext.serving.live.tally import CANDIDATE, SERVING, Tally

P99 = 0.99


def broken(guards: Guards, tally: Tally) -> str:
    """Say which guard a canary breaks, in words; "" where none is broken.

    A guard is judged at the looks of `intervals.look`, each once. It is broken where the whole
    interval lies beyond the bound.
    """
    return next((sentence for sentence in _sentences(guards, tally) if sentence), "")


def _sentences(guards: Guards, tally: Tally) -> Iterator[str]:
    if guards.agreement is not None:
        yield _agreement(guards.agreement, guards.texts, tally)
    if guards.errors is not None:
        yield _errors(guards.errors, guards.texts, tally)
    if guards.p99 is not None:
        yield _slow(guards.p99, guards.texts, tally)
    if guards.accuracy is not None:
        yield _accuracy(guards.accuracy, guards.texts, tally)


def _due(tally: Tally, guard: str, first: int, total: int) -> float | None:
    """Give the alpha of a look that is due and was not taken yet."""
    next_look = look(first, total)
    if next_look is None or tally.looks.get(guard, -1) >= next_look[0]:
        return None
    tally.looks[guard] = next_look[0]
    return next_look[1]


def _agreement(bound: float, first: int, tally: Tally) -> str:
    alpha = _due(tally, "agreement", first, tally.compared)
    if alpha is None:
        return ""
    most = at_most(tally.agreed, tally.compared, alpha)
    if most >= bound:
        return ""
    return (
        f"agreement: {tally.agreed:,} of {tally.compared:,} texts are answered alike, a share of "
        f"at most {most:.4f}, below {bound:g}"
    )


def _errors(bound: float, first: int, tally: Tally) -> str:
    arm = tally.arms[CANDIDATE]
    alpha = _due(tally, "errors", first, arm.requests)
    if alpha is None:
        return ""
    least = at_least(arm.failed, arm.requests, alpha)
    if least <= bound:
        return ""
    return (
        f"errors: {arm.failed:,} of {arm.requests:,} requests failed, a share of at least "
        f"{least:.4f}, above {bound:g}"
    )


def _slow(bound: float, first: int, tally: Tally) -> str:
    theirs, ours = tally.arms[CANDIDATE], tally.arms[SERVING]
    alpha = _due(tally, "p99", first, min(theirs.requests, ours.requests))
    if alpha is None:
        return ""
    # Two bounds are read, each of which may be wrong with half the probability.
    least, _ = quantile_bounds(theirs.histogram, P99, alpha / 2)
    _, most = quantile_bounds(ours.histogram, P99, alpha / 2)
    if least is None or most is None or least <= bound * most:
        return ""
    return (
        f"p99: the candidate's is at least {least * 1000:.2f} ms, more than {bound:g} times the "
        f"serving model's, which is at most {most * 1000:.2f} ms"
    )


def _accuracy(bound: float, first: int, tally: Tally) -> str:
    both, ours, theirs, neither = tally.right_together
    total = both + ours + theirs + neither
    alpha = _due(tally, "accuracy", first, total)
    if alpha is None:
        return ""
    most = difference_at_most(ours, theirs, total, alpha)
    if most >= bound:
        return ""
    return (
        f"accuracy: of {total:,} judged texts the serving model alone is right in {ours:,} and the "
        f"candidate alone in {theirs:,}, a difference of at most {most:.4f}, below {bound:g}"
    )
