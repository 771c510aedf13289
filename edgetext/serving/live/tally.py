"""What is counted of one name of a server: both models' answers, times, and how often each was
right."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from edgetext.serving.live.comparison import Comparison, Pair
from edgetext.serving.live.drift import Drift

SERVING, CANDIDATE = ARMS = ("serving", "candidate")
# Minutes of which agreement is kept, and pairs of times whose ratio is told.
MINUTES, RATIOS = 7 * 24 * 60, 1000
KINDS = ("label", "spans")
PLAIN = (
    *("compared", "agreed", "dropped", "skipped", "failed", "timed"),
    *("returned", "returned_at"),
)


@dataclass(slots=True)
class Arm:
    """One of the two models. requests: that it answered over HTTP, of which so many failed, and a
    histogram of their seconds (`intervals.bucket`). seconds: for the texts that both were timed on.
    right: of `judged` texts with feedback; by kind [right, judged]."""

    requests: int = 0
    failed: int = 0
    histogram: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    right: int = 0
    judged: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)

    def count(self, rights: Mapping[str, bool], step: int) -> None:
        """Count whether an answer was right, in all and by kind; step: -1 takes it back."""
        self.judged += step
        self.right += step * all(rights.values())
        for kind, right in rights.items():
            counts = self.by_kind.setdefault(kind, [0, 0])
            counts[0] += step * right
            counts[1] += step

    def as_json(self) -> dict[str, Any]:
        """Give JSON values."""
        names = ("requests", "failed", "seconds", "right", "judged", "by_kind")
        return {**{x: getattr(self, x) for x in names}, "histogram": sorted(self.histogram.items())}

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Go on from what `as_json` gave."""
        for name in ("requests", "failed", "seconds", "right", "judged", "by_kind"):
            setattr(self, name, stored[name])
        self.histogram = Counter(dict(stored["histogram"]))


@dataclass(slots=True)
class Tally:
    """drift: of each arm. parts: by KINDS [agreed, compared]. pairs: how often each thing was
    answered otherwise. minutes: by minute since 1970 [agreed, compared]. dropped: texts that came
    when the queue was full; skipped: of a version that is not judged; failed: on which the other
    model raised. ratios: the candidate's seconds over the serving model's. right_together: both,
    the serving model alone, the candidate alone, neither. returned: why a canary ended, "" while it
    goes on; looks: the last that its guards took."""

    drift: dict[str, Drift]
    arms: dict[str, Arm] = field(default_factory=lambda: {arm: Arm() for arm in ARMS})
    compared: int = 0
    agreed: int = 0
    parts: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0] for kind in KINDS})
    pairs: Counter[Pair] = field(default_factory=Counter)
    minutes: dict[int, list[int]] = field(default_factory=dict)
    dropped: int = 0
    skipped: int = 0
    failed: int = 0
    timed: int = 0
    ratios: deque[float] = field(default_factory=lambda: deque(maxlen=RATIOS))
    right_together: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    returned: str = ""
    returned_at: float = 0.0
    looks: dict[str, int] = field(default_factory=dict)

    def compare(self, comparison: Comparison, now: float) -> None:
        """Count a text that both models have answered; now: seconds since 1970."""
        self.compared += 1
        self.agreed += comparison.same
        for kind, same in zip(KINDS, (comparison.label, comparison.spans), strict=True):
            if same is not None:
                self.parts[kind][0] += same
                self.parts[kind][1] += 1
        self.pairs.update(comparison.pairs)
        counts = self.minutes.setdefault(int(now // 60), [0, 0])
        counts[0] += comparison.same
        counts[1] += 1
        while len(self.minutes) > MINUTES:
            del self.minutes[next(iter(self.minutes))]

    def time(self, serving: float, candidate: float) -> None:
        """Count how many seconds each model took for the same text."""
        self.timed += 1
        self.arms[SERVING].seconds += serving
        self.arms[CANDIDATE].seconds += candidate
        self.ratios.append(candidate / serving)

    def judge(self, rights: Sequence[Mapping[str, bool] | None], step: int = 1) -> None:
        """Count whether the answers of both arms to a text were right, None where one is not
        known; step: -1 takes it back."""
        for arm, each in zip(ARMS, rights, strict=True):
            if each is not None:
                self.arms[arm].count(each, step)
        if rights[0] is not None and rights[1] is not None:
            ours, theirs = (all(each.values()) for each in rights if each is not None)
            self.right_together[2 * (not ours) + (not theirs)] += step

    @property
    def ratio(self) -> float | None:
        """The median of the candidate's time over the serving model's; None where none is timed."""
        return median(self.ratios) if self.ratios else None

    def as_json(self) -> dict[str, Any]:
        """Give all of it as JSON values."""
        return {
            **{name: getattr(self, name) for name in PLAIN},
            "parts": self.parts,
            "looks": self.looks,
            "right_together": self.right_together,
            "drift": {arm: drift.as_json() for arm, drift in self.drift.items()},
            "arms": {name: arm.as_json() for name, arm in self.arms.items()},
            "pairs": [[*pair, count] for pair, count in self.pairs.items()],
            "minutes": list(self.minutes.items()),
            "ratios": list(self.ratios),
        }

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Go on from what `as_json` gave."""
        for name in (*PLAIN, "parts", "looks", "right_together"):
            setattr(self, name, stored[name])
        for arm in ARMS:
            self.drift[arm].restore(stored["drift"][arm])
            self.arms[arm].restore(stored["arms"][arm])
        self.pairs = Counter({(kind, a, b): n for kind, a, b, n in stored["pairs"]})
        self.minutes = dict(stored["minutes"])
        self.ratios.extend(stored["ratios"])
