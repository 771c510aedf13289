"""What Prometheus reads at `/metrics`, of one process or of all workers together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from edgetext.serving.exchange import Request
from edgetext.serving.live.metrics import LiveCollector

# Where worker processes put their counts, as prometheus_client has it.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
KIND = CONTENT_TYPE_LATEST.encode()
# Seconds: from what a small model takes to what nobody waits for.
BUCKETS = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
# The statuses of what was not taken in.
REJECTED = {429: "queue", 504: "deadline"}


class Measures:
    """Counts of a server."""

    def __init__(self, models: Iterable[str]) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._live: LiveCollector | None = None
        labels = ["model", "status"]
        self._requests = Counter("edgetext_requests", "Requests.", labels, registry=registry)
        self._seconds = Histogram(
            "edgetext_request_seconds",
            "Time from a request's first byte to its answer.",
            ["model"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._texts = Counter("edgetext_texts", "Texts answered.", ["model"], registry=registry)
        self._bytes = Counter("edgetext_text_bytes", "Bytes of them.", ["model"], registry=registry)
        self._rejected = Counter(
            "edgetext_rejected",
            "Requests not answered, by why.",
            ["model", "why"],
            registry=registry,
        )
        self._waiting = Gauge(
            "edgetext_queue_depth",
            "Requests that wait.",
            ["model"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.swapped = Counter(
            "edgetext_swaps", "Versions that took another's place.", ["model"], registry=registry
        )
        self.refused = Counter(
            "edgetext_refused_versions",
            "Published versions that were not served, or looks at a repository that failed.",
            ["model"],
            registry=registry,
        )
        # Looked up once: a label costs more than a count.
        self._by_status: dict[tuple[str, int], Counter] = {}
        self._by_model = {
            name: (self._seconds.labels(name), self._texts.labels(name), self._bytes.labels(name))
            for name in models
        }

    def collect_live(self, figures: Callable[[], Mapping[str, Any] | None]) -> None:
        """Write what is said of judging, too."""
        self._live = LiveCollector(figures)

    def count(self, request: Request, status: int, seconds: float) -> None:
        """Count a request that was answered with this status after so many seconds."""
        self._count_status(request.model, status)
        if request.model in self._by_model:
            time, texts, size = self._by_model[request.model]
            time.observe(seconds)
            if status == 200 and request.texts:
                texts.inc(request.texts)
                size.inc(request.size)
        if status in REJECTED:
            self._rejected.labels(request.model, REJECTED[status]).inc()

    def count_shed(self, model: str, count: int) -> None:
        """Count requests that were refused before they were read; "" where it is not known which
        model they ask. They have no time: nobody saw when they began."""
        status = int(HTTPStatus.TOO_MANY_REQUESTS)
        self._count_status(model, status, count)
        self._rejected.labels(model, REJECTED[status]).inc(count)

    def _count_status(self, model: str, status: int, count: int = 1) -> None:
        key = (model, status)
        if key not in self._by_status:
            self._by_status[key] = self._requests.labels(model, str(status))
        self._by_status[key].inc(count)

    def page(self, waiting: Mapping[str, int]) -> bytes:
        """Write all counts as Prometheus reads them; waiting: requests that wait, by model."""
        for name, count in waiting.items():
            self._waiting.labels(name).set(count)
        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        page = generate_latest(registry)
        if self._live is not None:
            live = CollectorRegistry()
            live.register(self._live)
            page += generate_latest(live)
        return page
