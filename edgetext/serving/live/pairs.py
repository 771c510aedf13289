"""A model that serves and the candidate beside it, as the process that judges has them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.predictor import Predictor, load
from edgetext.serving.live.settings import Candidate, LiveSettings
from edgetext.serving.served import version_in
from edgetext.serving.settings import Settings
from edgetext.tasks.prediction import Prediction

SHADOW, CANARY = "shadow", "canary"
# Every so many texts are timed with both models; the first few of all warm them up.
TIMED_EVERY, WARM_UP = 4, 4


@dataclass(slots=True)
class Pair:
    """serving, candidate: the models; candidate None, and kind "", where feedback alone is taken.
    version, candidate_version: as the server says them. texts: how many were asked."""

    name: str
    serving: Predictor
    version: str
    candidate: Predictor | None = None
    candidate_version: str | None = None
    kind: str = ""
    texts: int = 0

    def what(self) -> dict[str, Any]:
        """Say which models these are, as JSON values."""
        return {
            "task": self.serving.metadata.task,
            "labels": {kind: sorted(x) for kind, x in self.serving.metadata.labels.items()},
            "serving": self.version,
            "candidate": self.candidate_version,
            "kind": self.kind or None,
        }

    def ask(
        self, text: Sequence[bytes], candidate_answered: bool
    ) -> tuple[Prediction, tuple[float, float] | None]:
        """Give what the model answers that was not asked; and the seconds of the serving model and
        of the candidate, where this text is one of those that both are timed on."""
        if self.candidate is None:
            raise ValueError(f"{self.name} has no candidate")
        both = (self.serving, self.candidate)
        other = self.serving if candidate_answered else self.candidate
        self.texts += 1
        if self.texts > WARM_UP and self.texts % TIMED_EVERY:
            return other.predict(*text), None
        seconds, answers = [0.0, 0.0], {}
        # In turns, since who comes second finds the text in the processor's caches.
        first = self.texts // TIMED_EVERY % 2
        for place in (first, 1 - first):
            start = time.perf_counter()
            answers[place] = both[place].predict(*text)
            seconds[place] = time.perf_counter() - start
        times = None if self.texts <= WARM_UP else (seconds[0], seconds[1])
        return answers[both.index(other)], times


def candidate_version(kind: str, candidate: Candidate, predictor: Predictor, serving: str) -> str:
    """Give a candidate's version as the server says it; serving: that of the model beside it.

    Two files of one checkpoint, as for two runtimes, have one version, and a client of a canary
    must be able to tell them apart.
    """
    version = candidate.version or version_in(predictor.metadata)
    return f"{version}-canary" if kind == CANARY and version == serving else version


def named(live: LiveSettings, names: Sequence[str]) -> dict[str, tuple[str, Candidate]]:
    """Give the kind of the candidate and itself by the name that it stands beside; EdgetextError
    where there is no such name, or two candidates of one."""
    chosen: dict[str, tuple[str, Candidate]] = {}
    for kind, candidates in ((SHADOW, live.shadows), (CANARY, live.canaries)):
        for candidate in candidates:
            name = _name(kind, candidate, names)
            if name in chosen:
                raise EdgetextError(
                    f"--{kind} {candidate.path}: {name} has the {chosen[name][0]} "
                    f"{chosen[name][1].path} already; give one candidate for a name"
                )
            chosen[name] = (kind, candidate)
    return chosen


def _name(kind: str, candidate: Candidate, names: Sequence[str]) -> str:
    if candidate.name is None:
        if len(names) > 1:
            raise EdgetextError(
                f"--{kind} {candidate.path}: say which model it stands beside, as "
                f"NAME:{candidate.path}; there are {', '.join(names)}"
            )
        return names[0]
    if candidate.name not in names:
        raise EdgetextError(
            f"--{kind} {candidate.name}:{candidate.path}: no model is called {candidate.name}; "
            f"there are {', '.join(names)}"
        )
    return candidate.name


def check_alike(serving: Predictor, candidate: Predictor) -> None:
    """EdgetextError where two models cannot be compared: of other tasks, or with other labels,
    whose order does not count."""
    ours, theirs = serving.metadata, candidate.metadata
    if ours.task != theirs.task:
        raise EdgetextError(
            f"{candidate.path}: its task is {theirs.task} and that of {serving.path} {ours.task}; "
            "give a candidate of the same task"
        )
    for kind in sorted(ours.labels.keys() | theirs.labels.keys()):
        both = [set(x.labels.get(kind, ())) for x in (ours, theirs)]
        if both[0] == both[1]:
            continue
        parts = [
            f"{whose} alone has {_some(sorted(labels))}"
            for whose, labels in (("it", both[1] - both[0]), (serving.path, both[0] - both[1]))
            if labels
        ]
        raise EdgetextError(
            f"{candidate.path}: its labels ({kind}) are not those of {serving.path}: "
            f"{' and '.join(parts)}; give a candidate with the same labels"
        )


def _some(labels: Sequence[str], most: int = 5) -> str:
    more = f" and {len(labels) - most} more" if len(labels) > most else ""
    return ", ".join(labels[:most]) + more


def load_pairs(settings: Settings, live: LiveSettings) -> dict[str, Pair]:
    """Load all models that are judged, by name; EdgetextError where two cannot be compared."""
    pairs: dict[str, Pair] = {}
    for path, given in settings.models:
        predictor = load(path, threads=settings.threads)
        name = given or predictor.metadata.name
        pairs[name] = Pair(name, predictor, version_in(predictor.metadata))
    for fixed in live.published:
        predictor = load(fixed.path, threads=settings.threads)
        pairs[fixed.name] = Pair(fixed.name, predictor, fixed.version)
    for name, (kind, chosen) in named(live, list(pairs)).items():
        pair = pairs[name]
        candidate = load(chosen.path, threads=settings.threads)
        check_alike(pair.serving, candidate)
        pair.candidate, pair.kind = candidate, kind
        pair.candidate_version = candidate_version(kind, chosen, candidate, pair.version)
    return pairs
