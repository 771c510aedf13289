"""A report of errors as a page that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from edgetext.interpretation.error_markdown import (
    issues_in_words,
    labels_in_words,
    summary,
)
from edgetext.interpretation.error_report import ErrorReport
from edgetext.pages.document import document
from edgetext.pages.table import table

STYLE = "td { white-space: normal; text-align: left; vertical-align: top; }"


def error_page(report: ErrorReport) -> str:
    """Write one HTML document: groups of labels, errors with their nearest texts, and all labels
    that are likely wrong, as tables that can be sorted."""
    title = f"Errors of {report.model}"
    body = (
        f"<h1>{escape(title)}</h1><p>{escape(summary(report))}</p>"
        f"<h2>Labels that are taken for one another</h2>{_confusions(report)}"
        "<h2>The worst errors, and the training texts nearest to them</h2>"
        f'<p class="soft">Nearest by {escape(report.compared)}; beside each its cosine.</p>'
        f"{_worst(report)}"
        f"<h2>Labels that are likely wrong</h2><p>{escape(issues_in_words(report))}</p>"
        f"{_issues(report)}"
    )
    return document(title, body, STYLE)


def _confusions(report: ErrorReport) -> str:
    rows = [
        [
            escape(", ".join(one.labels)),
            escape(one.kind),
            str(one.times),
            escape("; ".join(f"{n} x {p} for {g}" for (g, p), n in one.pairs.items())),
        ]
        for one in report.confusions
    ]
    return table(["labels", "kind", "times", "which for which"], rows)


def _worst(report: ErrorReport) -> str:
    rows = []
    for mistake, near in zip(report.mistakes, report.neighbors, strict=False):
        nearest = "<br>".join(
            f"{one.cosine:.2f} <b style='background:#5d6876'>{escape(labels_in_words(one))}</b>"
            f"{_texts(one.example.texts)}"
            for one in near
        )
        rows.append(
            [
                _texts(mistake.example.texts),
                escape(mistake.in_words()),
                nearest,
                escape(mistake.example.source),
            ]
        )
    return table(["text", "what is wrong", "nearest training texts", "line"], rows)


def _issues(report: ErrorReport) -> str:
    rows = [
        [
            _texts(issue.example.texts),
            escape(issue.given),
            f"{issue.confidence:.4f}",
            escape(issue.likelier),
            escape(issue.example.source),
        ]
        for issue in report.issues or []
    ]
    return table(["text", "label", "how probable", "likelier", "line"], rows) if rows else ""


def _texts(texts: Sequence[str]) -> str:
    return " | ".join(escape(text) for text in texts)
