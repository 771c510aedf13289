"""What Prometheus reads of judging: of all workers together, as the process that judges says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Figures = Mapping[str, Any]


class LiveCollector(Collector):
    """Writes figures as metrics; figures: gives them, None where there are none yet."""

    def __init__(self, figures: Callable[[], Figures | None]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        figures = self._figures()
        if figures is None:
            return
        waiting = GaugeMetricFamily("edgetext_shadow_waiting", "Texts that wait to be judged.")
        waiting.add_metric([], figures["waiting"])
        errors = CounterMetricFamily(
            "edgetext_evaluation_state_errors", "Times that the state could not be written."
        )
        errors.add_metric([], figures["state_errors"])
        yield from (waiting, errors)
        models = figures["models"]
        yield from _compared({name: x for name, x in models.items() if x["kind"]})
        yield from _judged(models)
        yield from _canaries({name: x for name, x in models.items() if x["canary"]})


def _compared(models: Figures) -> Iterator[Metric]:
    """Counts of two models' answers."""
    names = {
        "texts": ("Texts that both models answered.", lambda x: x["agreement"]["of"]),
        "agreed": ("Texts that they answered alike.", lambda x: x["agreement"]["count"]),
        "dropped": ("Texts for which there was no room.", lambda x: x["dropped"]),
        "skipped": ("Texts of a version that is not judged.", lambda x: x["skipped"]),
        "failed": ("Texts on which the other model failed.", lambda x: x["failed"]),
    }
    for name, (words, value) in names.items():
        family = CounterMetricFamily(f"edgetext_shadow_{name}", words, labels=["model"])
        for model, each in models.items():
            family.add_metric([model], value(each))
        yield family
    ratio = GaugeMetricFamily(
        "edgetext_shadow_latency_ratio",
        "The candidate's time for a text over the serving model's, a median.",
        labels=["model"],
    )
    pairs = CounterMetricFamily(
        "edgetext_shadow_disagreements",
        "What was answered otherwise, the most frequent.",
        labels=["model", "kind", "serving", "candidate"],
    )
    for model, each in models.items():
        if each["latency"]["ratio"] is not None:
            ratio.add_metric([model], each["latency"]["ratio"])
        for row in each["disagreements"]:
            labels = [model, row["kind"], row["serving"], row["candidate"]]
            pairs.add_metric(labels, row["count"])
    yield from (ratio, pairs)


def _judged(models: Figures) -> Iterator[Metric]:
    """Feedback and drift."""
    feedback = CounterMetricFamily(
        "edgetext_feedback", "Answers with feedback.", labels=["model", "arm", "right"]
    )
    drift = GaugeMetricFamily(
        "edgetext_shadow_drift_psi",
        "Population stability index of the newest answers.",
        labels=["model", "arm", "of"],
    )
    for model, each in models.items():
        for arm, result in each["drift"].items():
            accuracy = each["accuracy"][arm]
            for word, count in (
                ("true", accuracy["count"]),
                ("false", accuracy["of"] - accuracy["count"]),
            ):
                feedback.add_metric([model, arm, word], count)
            for kind in ("labels", "scores"):
                if kind in result:
                    drift.add_metric([model, arm, kind], result[kind]["psi"])
    yield from (feedback, drift)


def _canaries(models: Figures) -> Iterator[Metric]:
    """Who answers, how often, and whether the canary goes on."""
    requests, failed = (
        CounterMetricFamily(f"edgetext_canary_{name}", words, labels=["model", "arm"])
        for name, words in (
            ("requests", "Requests to a name with a canary, by who answered."),
            ("failed", "Those of them that failed."),
        )
    )
    is_open = GaugeMetricFamily(
        "edgetext_canary_open", "Whether the candidate has its share.", labels=["model"]
    )
    returns = CounterMetricFamily(
        "edgetext_canary_returns", "Canaries that a guard has ended.", labels=["model"]
    )
    for model, each in models.items():
        canary = each["canary"]
        for arm, counts in canary["requests"].items():
            requests.add_metric([model, arm], counts["count"])
            failed.add_metric([model, arm], counts["failed"])
        is_open.add_metric([model], canary["open"])
        returns.add_metric([model], not canary["open"])
    yield from (requests, failed, is_open, returns)
