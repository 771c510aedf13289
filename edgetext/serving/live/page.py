"""`/evaluation`: figures for people, on a page that needs nothing but the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from edgetext.pages.charts import Line, lines
from edgetext.pages.table import sorting, style, table
from edgetext.serving.live.tally import ARMS, KINDS

Figures = Mapping[str, Any]
# Rows of a table of disagreements or labels.
ROWS = 20
STYLE = ".wide + .wide { margin-top: 1rem }"


def evaluation_page(figures: Figures) -> str:
    """Write the page."""
    state = "" if figures["state"] is None else f" State in <code>{escape(figures['state'])}</code>"
    if figures["state_errors"]:
        state += f", which could not be written {figures['state_errors']:,} times"
    sections = "".join(
        _section(name, model, figures["time"]) for name, model in figures["models"].items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Evaluation</title>'
        f"<style>{style()}{STYLE}</style><h1>Judged on live traffic</h1>"
        f'<p class="soft">{_moment(figures["time"])}; {figures["waiting"]:,} texts wait to be '
        f"judged, {figures['remembered']:,} requests are remembered for feedback.{state} "
        '<a href="/v1/evaluation">JSON</a> <a href="/metrics">metrics</a></p>'
        f"{sections}<script>{sorting()}</script></html>"
    )


def _section(name: str, model: Figures, now: float) -> str:
    versions = model["versions"]
    words = f"version <code>{escape(versions['serving'])}</code>"
    if model["kind"]:
        words += (
            f", {model['kind']} <code>{escape(versions['candidate'])}</code> on "
            f"{100 * model['share']:g} % of requests"
        )
    parts = [f"<h2>{escape(name)}</h2><p>{words}</p>"]
    if model["canary"]:
        parts.append(_canary(model["canary"]))
    if model["kind"]:
        parts.append(_agreement(model, now))
    parts.append(_accuracy(model["accuracy"]))
    parts.append("".join(_drift(arm, model["drift"][arm]) for arm in ARMS))
    if "texts" in model:
        parts.append(_texts(model["texts"]))
    return "".join(parts)


def _canary(canary: Figures) -> str:
    state = "The candidate answers its share."
    if not canary["open"]:
        state = (
            f"<b>Ended {_moment(canary['returned_at'])}</b>, the serving model answers alone: "
            f"{escape(canary['why'])}."
        )
    guards = ", ".join(f"{name} {value:g}" for name, value in canary["guards"].items())
    rows = [
        [arm, f"{x['count']:,}", f"{x['failed']:,}", _ms(x["p50"]), _ms(x["p99"])]
        for arm, x in canary["requests"].items()
    ]
    head = ("answered by", "requests", "failed", "p50, ms", "p99, ms")
    return f'<p>{state}</p><p class="soft">Guards: {guards}.</p>{table(head, rows)}'


def _agreement(model: Figures, now: float) -> str:
    agreement, latency = model["agreement"], model["latency"]
    words = [f"Both answer alike: {_share(agreement)}"]
    words += [f"{kind} alone: {_share(agreement[kind])}" for kind in KINDS if kind in agreement]
    if latency["ratio"] is not None:
        words.append(
            f"the candidate takes {latency['ratio']:.2f} times the serving model's time (median "
            f"of {latency['texts']:,} texts that both were timed on)"
        )
    words += [
        f"{model[name]:,} {why}"
        for name, why in (
            ("dropped", "dropped, for which there was no room"),
            ("skipped", "skipped, of another version"),
            ("failed", "on which the other model failed"),
        )
        if model[name]
    ]
    rows = [
        [_label(row["kind"]), _label(row["serving"]), _label(row["candidate"]), f"{row['count']:,}"]
        for row in model["disagreements"][:ROWS]
    ]
    differing = table(("kind", "serving", "candidate", "times"), rows) if rows else ""
    return f"<p>{'; '.join(words)}.</p>{_over_time(agreement['over_time'], now)}{differing}"


def _over_time(series: Sequence[Figures], now: float) -> str:
    if len(series) < 2:
        return ""
    points = [((x["time"] - now) / 3600, 100 * x["share"]) for x in series]
    bounds = [(100 * x["interval"][0], 100 * x["interval"][1]) for x in series]
    curve = Line(1, points, "agreement", bounds)
    chart = lines("Agreement over time", "hours from now", "agreement, %", [curve], log=False)
    return (
        '<div class="plots"><figure><figcaption>Agreement over time'
        f"<span>with intervals of 95 %</span></figcaption>{chart}</figure></div>"
    )


def _accuracy(accuracy: Figures) -> str:
    if not any(accuracy[arm]["of"] for arm in ARMS):
        return '<p class="soft">No feedback yet.</p>'
    rows = []
    for arm in ARMS:
        kinds = [kind for kind, x in accuracy[arm].items() if isinstance(x, Mapping)]
        for kind in ("all of it", *kinds):
            counts = accuracy[arm].get(kind, accuracy[arm])
            if counts["of"]:
                rows.append([arm, kind, f"{counts['count']:,}", f"{counts['of']:,}", _bar(counts)])
    both = accuracy["together"]
    together = ""
    if sum(both[name] for name in ("both", "serving_alone", "candidate_alone", "neither")):
        together = (
            f"<p>Of texts that both have answered, the serving model alone is right in "
            f"{both['serving_alone']:,}, the candidate alone in {both['candidate_alone']:,}, both "
            f"in {both['both']:,}, neither in {both['neither']:,}; McNemar's exact test gives "
            f"p = {both['mcnemar_p']:.3g}.</p>"
        )
    head = ("feedback of", "what", "right", "of", "share")
    return f"{table(head, rows)}{together}"


def _drift(arm: str, result: Figures) -> str:
    if "labels" not in result:
        return ""
    labels, scores = result["labels"], result["scores"]
    rows = [
        [_label(x["label"]), f"{100 * x['reference']:.1f}", f"{100 * x['newest']:.1f}"]
        for x in result["shares"][:ROWS]
    ]
    return (
        f"<p>Drift of the {arm} model, its newest {result['newest']:,} answers against "
        f"{result['reference']:,}: labels PSI {labels['psi']:.3f}, chi-square p = "
        f"{labels['chi_square_p']:.3g}; scores PSI {scores['psi']:.3f}, Kolmogorov-Smirnov "
        f"{scores['ks']:.3f}, p = {scores['ks_p']:.3g}.</p><details><summary>Labels</summary>"
        f"{table(('label', 'reference, %', 'newest, %'), rows)}</details>"
    )


def _texts(texts: Sequence[Figures]) -> str:
    rows = [
        [escape(" | ".join(x["text"])), *(escape(x[arm]) for arm in ARMS), _moment(x["time"])]
        for x in texts
    ]
    head = ("text", *ARMS, "when")
    return f"<details><summary>Texts answered otherwise</summary>{table(head, rows)}</details>"


def _share(counts: Figures) -> str:
    if not counts["of"]:
        return "nothing is counted yet"
    low, high = counts["interval"]
    return f"{100 * counts['share']:.2f} % ({100 * low:.2f}–{100 * high:.2f}) of {counts['of']:,}"


def _bar(counts: Figures) -> str:
    """Draw a share from 0 to 1 and its interval, with the numbers."""
    low, high = (100 * x for x in counts["interval"])
    middle = 100 * counts["share"]
    return (
        '<svg viewBox="0 0 104 12" role="img" aria-hidden="true" style="width:104px;'
        'display:inline-block;vertical-align:middle"><path class="grid" d="M2 6H102"/>'
        f'<path class="interval" d="M{2 + low:.1f} 6H{2 + high:.1f}" stroke="#0072b2"/>'
        f'<circle cx="{2 + middle:.1f}" cy="6" r="3" fill="#0072b2"/></svg> '
        f"{middle:.1f} % ({low:.1f}–{high:.1f})"
    )


def _label(name: str) -> str:
    return escape(name) or "<i></i>nothing"


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:.2f}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
