"""Where models err and how sure they are of it, as a page that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured
from edgetext.evaluation.confidence import ALARMS, Confidence, confidence
from edgetext.evaluation.mistakes import (
    CONFUSED,
    EACH,
    SHOWN,
    confusion_rows,
    count_decisions,
    label_rows,
    metrics_in_words,
    worst_first,
)
from edgetext.evaluation.result import Evaluation
from edgetext.pages import charts
from edgetext.pages.document import document
from edgetext.pages.table import table

STYLE = "td { white-space: normal; text-align: left; vertical-align: top; }"
CHART = "How often answers are right, by how sure they are"
DIAGONAL = "as right as sure"


def report_page(evaluation: Evaluation) -> str:
    """Write one HTML document: how sure all models are, with a reliability diagram where answers
    are one label of several, and each one's labels, confusions and worst errors."""
    models, examples = evaluation.measured, evaluation.examples
    title = f"{len(examples):,} texts of the {evaluation.split} split"
    known = [confidence(model, examples) for model in models]
    body = [f"<h1>{escape(title)}</h1>", _all_models(models, known)]
    body += [_of_model(number, model, examples) for number, model in enumerate(models, 1)]
    return document(title, "".join(body), STYLE)


def _all_models(models: Sequence[Measured], known: Sequence[Confidence | None]) -> str:
    """The figures of all models, and their curves in one diagram; nothing where none has any."""
    rows, lines = [], []
    for number, (model, sure) in enumerate(zip(models, known, strict=True), 1):
        if sure is None:
            continue
        name = model.predictor.path.name
        figures = [sure.trust.error, sure.trust.in_scope, sure.trust.separation, sure.trust.recall]
        figures += [sure.recalls.get(rate) for rate in ALARMS]
        badge = f'<b style="background:{charts.color(number)}">{number}</b>'
        rows.append([f"{badge} {escape(name)}", *map(_points, figures)])
        points = [(100 * each.sure, 100 * each.right) for each in sure.bins]
        lines.append(charts.Line(number, points, name))
    if not lines:
        return ""
    lines.append(charts.Line(len(models) + 1, [(0, 0), (100, 100)], DIAGONAL))
    chart = charts.lines(CHART, "probability, %", "right, %", lines, log=False)
    headings = ["model", "calibration error", "accuracy in scope", "area under ROC, out of scope"]
    headings += ["recall out of scope", *(f"at {rate:.0%} false alarms" for rate in ALARMS)]
    legend = "; ".join(f"{line.number} {escape(line.note)}" for line in lines)
    return (
        f"<h2>How sure they are</h2>{table(headings, rows)}"
        f'<div class="plots"><figure><figcaption>{CHART}<span>{legend}</span></figcaption>'
        f"{chart}</figure></div>"
    )


def _points(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f}"


def _of_model(number: int, model: Measured, examples: Sequence[Example]) -> str:
    predictor = model.predictor
    parts = [
        f"<h2>{number} {escape(predictor.path.name)}</h2>",
        f"<p>{escape(metrics_in_words(model, examples))}</p>",
    ]
    for kind, counts in count_decisions(model, examples).items():
        rows = [list(map(escape, row)) for row in label_rows(counts)]
        parts.append(f"<h3>Each {escape(kind)}</h3>{table(EACH, rows)}")
        confused = [list(map(escape, row)) for row in confusion_rows(counts)]
        if confused:
            shown = table((f"true {kind}", *CONFUSED), confused)
            parts.append(f"<h3>Most confused: {escape(kind)}</h3>{shown}")
    wrong = worst_first(model, examples)
    rows = [
        [
            escape(" | ".join(mistake.example.texts)),
            escape(mistake.in_words()),
            f"{mistake.answer.score:.3f}",
            escape(mistake.example.source),
        ]
        for mistake in wrong[:SHOWN]
    ]
    said = f"<p>{len(wrong):,} of {len(examples):,} texts; the worst of them:</p>"
    headings = ("text", "what is wrong", "score", "line")
    return "".join([*parts, "<h3>Errors</h3>", said, table(headings, rows)])
