"""What is said of a model at `/v1/evaluation`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from edgetext.serving.live.intervals import mcnemar, quantile, wilson
from edgetext.serving.live.pairs import CANARY, Pair
from edgetext.serving.live.settings import LiveSettings
from edgetext.serving.live.tally import ARMS, Tally

# Disagreements and points of time that are told.
DISAGREEMENTS, POINTS = 100, 60


def model_figures(pair: Pair, tally: Tally, live: LiveSettings) -> dict[str, Any]:
    """Give JSON values: shares with intervals of 95 %, and None where nothing is counted."""
    return {
        "kind": pair.kind or None,
        "versions": {"serving": pair.version, "candidate": pair.candidate_version},
        "share": live.percent / 100 if pair.kind == CANARY else live.sample,
        "agreement": {
            **share(tally.agreed, tally.compared),
            **{kind: share(*counts) for kind, counts in tally.parts.items() if counts[1]},
            "over_time": over_time(tally),
        },
        "disagreements": [
            {"kind": kind, "serving": ours, "candidate": theirs, "count": count}
            for (kind, ours, theirs), count in tally.pairs.most_common(DISAGREEMENTS)
        ],
        "latency": {
            "texts": tally.timed,
            "ratio": tally.ratio,
            "seconds": {arm: tally.arms[arm].seconds for arm in ARMS},
        },
        "accuracy": _accuracy(tally),
        "dropped": tally.dropped,
        "skipped": tally.skipped,
        "failed": tally.failed,
        "canary": _canary(tally, live) if pair.kind == CANARY else None,
    }


def share(count: int, total: int) -> dict[str, Any]:
    """Give a share with Wilson's interval."""
    if not total:
        return {"count": 0, "of": 0, "share": None, "interval": None}
    return {"count": count, "of": total, "share": count / total, "interval": wilson(count, total)}


def over_time(tally: Tally, most: int = POINTS) -> list[dict[str, Any]]:
    """Give the agreement of each minute, or of several together where there are more than `most`;
    time: seconds since 1970 at the beginning."""
    minutes = sorted(tally.minutes.items())
    if not minutes:
        return []
    step = -(-(minutes[-1][0] - minutes[0][0] + 1) // most)
    bins: dict[int, list[int]] = {}
    for minute, (agreed, compared) in minutes:
        counts = bins.setdefault(minute // step, [0, 0])
        counts[0] += agreed
        counts[1] += compared
    return [{"time": number * step * 60, **share(*counts)} for number, counts in bins.items()]


def _accuracy(tally: Tally) -> dict[str, Any]:
    both, ours, theirs, neither = tally.right_together
    each: dict[str, Any] = {}
    for arm in ARMS:
        counts = tally.arms[arm]
        each[arm] = share(counts.right, counts.judged)
        each[arm] |= {kind: share(*x) for kind, x in counts.by_kind.items() if x[1]}
    together = {"both": both, "serving_alone": ours, "candidate_alone": theirs, "neither": neither}
    return {**each, "together": {**together, "mcnemar_p": mcnemar(ours, theirs)}}


def _canary(tally: Tally, live: LiveSettings) -> dict[str, Any]:
    return {
        "open": not tally.returned,
        "why": tally.returned or None,
        "returned_at": tally.returned_at or None,
        "guards": {name: x for name, x in asdict(live.guards).items() if x is not None},
        "requests": {arm: _requests(tally.arms[arm].histogram, tally, arm) for arm in ARMS},
    }


def _requests(histogram: dict[int, int], tally: Tally, arm: str) -> dict[str, Any]:
    counts = tally.arms[arm]
    return {
        "count": counts.requests,
        "failed": counts.failed,
        **{name: quantile(histogram, at) for name, at in (("p50", 0.5), ("p99", 0.99))},
    }
