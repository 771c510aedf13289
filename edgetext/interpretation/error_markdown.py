"""A report of errors as Markdown, for a terminal, a file or a pull request."""

from __future__ import annotations

from edgetext.core.tables import as_code
from edgetext.evaluation.mistakes import Mistake
from edgetext.interpretation.confusions import Confusion
from edgetext.interpretation.error_report import ErrorReport, Neighbor
from edgetext.interpretation.label_issues import LabelIssue
from edgetext.tasks.metrics import in_points

# Groups of labels, pairs of labels of a group, and labels that are likely wrong.
GROUPS, PAIRS, ISSUES = 15, 5, 30


def markdown(report: ErrorReport) -> str:
    """Write the report as Markdown."""
    return (
        "\n\n".join(
            [
                f"# Errors of {report.model}",
                summary(report),
                "## Labels that are taken for one another",
                _confusions(report),
                "## The worst errors, and the training texts nearest to them",
                _worst(report),
                "## Labels that are likely wrong",
                _issues(report),
            ]
        )
        + "\n"
    )


def summary(report: ErrorReport) -> str:
    """Say in a sentence how much is wrong."""
    metrics = ", ".join(
        f"{name.replace('_', ' ')} {in_points(name, value):.2f}"
        for name, value in report.metrics.items()
    )
    return (
        f"{report.name}, {report.split} split: {len(report.mistakes):,} of {report.texts:,} texts "
        f"are answered in another way than their labels say; {metrics}."
    )


def confusion_in_words(one: Confusion) -> str:
    """Say which labels are confused, and the most frequent pairs."""
    pairs = "; ".join(
        f"{times} x {answered} for {gold}"
        for (gold, answered), times in list(one.pairs.items())[:PAIRS]
    )
    return f"{', '.join(one.labels)} ({one.kind}, {one.times} times): {pairs}"


def issues_in_words(report: ErrorReport) -> str:
    """Say how many labels are likely wrong, and by what they were judged."""
    if report.issues is None:
        return "Texts of this task have no label as a whole, so labels were not judged."
    if report.split == "train":
        judge = f"by other texts of the split ({report.compared})"
    else:
        judge = "by the model's own scores, which has not learned from them"
    return f"{len(report.issues):,} labels of {report.texts:,} texts, {judge}; the surest first."


def _confusions(report: ErrorReport) -> str:
    if not report.confusions:
        return "None are, often enough to say so."
    return "\n".join(f"- {confusion_in_words(one)}" for one in report.confusions[:GROUPS])


def _worst(report: ErrorReport) -> str:
    if not report.neighbors:
        return "There is none."
    pairs = zip(report.mistakes, report.neighbors, strict=False)
    lines = [f"Nearest by {report.compared}; beside each its cosine.\n"]
    for mistake, near in pairs:
        lines.append(f"- {mistake.example.source}: {_asked(mistake)}\n  - {mistake.in_words()}")
        lines += [f"  - {_near(one)}" for one in near]
    return "\n".join(lines)


def _asked(mistake: Mistake) -> str:
    return " | ".join(as_code(text) for text in mistake.example.texts)


def _near(one: Neighbor) -> str:
    texts = " | ".join(as_code(text) for text in one.example.texts)
    return f"{one.cosine:.2f} {labels_in_words(one)}: {texts} ({one.example.source})"


def labels_in_words(one: Neighbor) -> str:
    """Name the labels of a training text, each once."""
    return ", ".join(sorted({label for _, label in one.example.labels})) or "no label"


def _issues(report: ErrorReport) -> str:
    lines = [issues_in_words(report)]
    lines += [f"- {_issue(issue)}" for issue in (report.issues or [])[:ISSUES]]
    return "\n".join([lines[0], "", *lines[1:]]).rstrip()


def _issue(issue: LabelIssue) -> str:
    asked = " | ".join(as_code(text) for text in issue.example.texts)
    return (
        f"{issue.example.source}: {asked}: {issue.given} ({issue.confidence:.4f}), "
        f"likelier {issue.likelier}"
    )
