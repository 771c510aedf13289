"""The Grafana dashboard asks for what `/metrics` has, in queries that are PromQL."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from edgetext.serving.measures import Measures

DASHBOARD = Path(__file__).parents[2] / "docs/grafana/edgetext.json"
METRIC = re.compile(r"\bedgetext_\w+")
LABELS = re.compile(r"(edgetext_\w+)\{([^}]*)\}")


@pytest.fixture(scope="module")
def dashboard():
    return json.loads(DASHBOARD.read_text("utf-8"))


@pytest.fixture(scope="module")
def queries(dashboard):
    return [
        target["expr"]
        for panel in dashboard["panels"]
        if panel["type"] != "row"
        for target in panel["targets"]
    ]


def judged():
    """Figures of a server that judges a shadow and a canary."""
    accuracy = {"count": 3, "of": 4}
    model = {
        "kind": "shadow",
        "agreement": {"of": 4, "count": 3},
        **dict.fromkeys(("dropped", "skipped", "failed"), 1),
        "latency": {"ratio": 1.5},
        "disagreements": [{"kind": "intent", "serving": "a", "candidate": "b", "count": 1}],
        "drift": {"candidate": {"labels": {"psi": 0.1}, "scores": {"psi": 0.2}}},
        "accuracy": {"candidate": accuracy},
        "canary": {"requests": {"candidate": {"count": 4, "failed": 1}}, "open": True},
    }
    return {"waiting": 0, "state_errors": 0, "models": {"trips": model}}


@pytest.fixture(scope="module")
def page():
    """What the server writes after a request that was answered and one that was not."""
    measures = Measures(["trips"])
    measures.collect_live(judged)
    request = SimpleNamespace(model="trips", texts=2, size=20)
    measures.count(request, 200, 0.001)
    measures.count(request, 429, 0.001)
    return measures.page({"trips": 0}).decode()


def labels_of(page):
    """Each metric of a page with the names of its labels."""
    labels = {}
    for line in page.splitlines():
        match = re.match(r"(edgetext_\w+)(?:\{(.*)\})? ", line)
        if match:
            names = set(re.findall(r'(\w+)="', match[2] or ""))
            labels[match[1]] = labels.get(match[1], set()) | names
    return labels


def test_every_metric_is_one_of_the_server(queries, page):
    known = labels_of(page)
    asked = {name for query in queries for name in METRIC.findall(query)}
    assert len(asked) > 10 and asked <= set(known)


def test_every_label_is_one_of_its_metric(queries, page):
    known = labels_of(page)
    for query in queries:
        for name, matchers in LABELS.findall(query):
            assert set(re.findall(r"(\w+)\s*=", matchers)) <= known[name], query
        for grouped in re.findall(r"by \(([^)]*)\)", query):
            names = set(re.findall(r"\w+", grouped))
            assert all(names <= known[metric] for metric in METRIC.findall(query)), query


def test_every_metric_of_requests_is_on_the_dashboard(queries, page):
    """What the server counts and nobody looks at would be missed."""
    asked = {name for query in queries for name in METRIC.findall(query)}
    counted = {
        name
        for name in labels_of(page)
        if not name.endswith(("_created", "_sum", "_count"))
        and not name.startswith(("edgetext_shadow", "edgetext_evaluation", "edgetext_canary"))
    }
    assert counted <= asked


def test_every_query_is_promql(queries):
    parser = pytest.importorskip("promql_parser", reason="promql-parser is not installed")
    for query in queries:
        parser.parse(query.replace("$__rate_interval", "5m").replace("$model", ".*"))
    with pytest.raises(ValueError):
        parser.parse("sum by (model (edgetext_texts_total)")


def test_brackets_are_paired(queries):
    for query in queries:
        text = re.sub(r'"[^"]*"', "", query)
        for pair in ("()", "[]", "{}"):
            assert text.count(pair[0]) == text.count(pair[1]), query


def test_panels_do_not_lie_over_each_other(dashboard):
    taken = set()
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken and max(x for x, _ in cells) < 24
        taken |= cells
