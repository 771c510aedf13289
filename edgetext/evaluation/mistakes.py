"""Where a model errs: its labels one by one, what it takes for what, and its surest errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.core.tables import aligned, as_code
from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured
from edgetext.evaluation.confidence import confidence
from edgetext.tasks.metrics import in_points, score_of_counts, with_macro_f1
from edgetext.tasks.prediction import Prediction

# Errors and confusions that are shown; and labels where nobody can sort them.
SHOWN, LABELS = 20, 200
# What the columns of label_rows are, and those of confusion_rows behind the true label.
EACH = ("label", "precision", "recall", "F1", "there are")
CONFUSED = ("answered", "times")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that a model answers in another way than its labels say.

    number: its place among the examples. decisions: (kind, true label, answered label) of all that
    is wrong, "" where one is missing.
    """

    number: int
    example: Example
    answer: Prediction
    decisions: tuple[tuple[str, str, str], ...]

    def in_words(self) -> str:
        """Say what is wrong, as "intent: flight for hotel"."""
        return "; ".join(
            f"{kind}: {p or 'nothing'} for {g or 'nothing'}" for kind, g, p in self.decisions
        )


def count_decisions(
    model: Measured, examples: Sequence[Example]
) -> dict[str, Counter[tuple[str, str]]]:
    """Count, of each kind of label, how often a true label (first) was answered by another or by
    itself (second), "" where one is missing."""
    pairs: dict[str, Counter[tuple[str, str]]] = {}
    for example, answer in zip(examples, model.answers, strict=True):
        for kind, gold, answered in model.predictor.task.decisions(example, answer):
            pairs.setdefault(kind, Counter())[gold, answered] += 1
    return pairs


def worst_first(model: Measured, examples: Sequence[Example]) -> list[Mistake]:
    """Give all mistakes: those of most decisions first, then those of which the model was
    surest."""
    task = model.predictor.task
    rows = []
    for number, (example, answer) in enumerate(zip(examples, model.answers, strict=True)):
        wrong = tuple(d for d in task.decisions(example, answer) if d[1] != d[2])
        if wrong:
            rows.append(Mistake(number, example, answer, wrong))
    return sorted(rows, key=lambda row: (-len(row.decisions), -row.answer.score, row.number))


def mistakes(model: Measured, examples: Sequence[Example]) -> str:
    """Markdown: the metrics, each kind's labels, its confusions, and the errors."""
    sections = [f"# {model.predictor.path.name}", metrics_in_words(model, examples)]
    sections += _sure(model, examples)
    for kind, counts in count_decisions(model, examples).items():
        sections.append(f"## Each {kind}\n\n{_labels(counts)}")
        confused = confusion_rows(counts)
        if confused:
            table = _table((f"true {kind}", *CONFUSED), confused)
            sections.append(f"## Most confused: {kind}\n\n{table}")
    sections.append(_errors(model, examples))
    return "\n\n".join(sections) + "\n"


def metrics_in_words(model: Measured, examples: Sequence[Example]) -> str:
    """Say which model it is, of how many texts, and its metrics."""
    metadata, classes = model.predictor.metadata, model.class_scores(examples)
    metrics = ", ".join(
        f"{name.replace('_', ' ')} {in_points(name, value):.2f}"
        for name, value in with_macro_f1(model.metrics(examples), classes).items()
    )
    return f"{metadata.name} ({metadata.variant}), {len(examples):,} texts: {metrics}."


def confusion_rows(counts: Counter[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Give the SHOWN most frequent confusions: the true label, the answered one, how often."""
    confused = [(pair, n) for pair, n in counts.most_common() if pair[0] != pair[1]]
    return [(g or "nothing", p or "nothing", f"{n}") for (g, p), n in confused[:SHOWN]]


def _sure(model: Measured, examples: Sequence[Example]) -> list[str]:
    """What the scores are worth, and how often answers of each are right; nothing where an answer
    is not one label of several."""
    sure = confidence(model, examples)
    if sure is None:
        return []
    rows = [(f"{100 * x.sure:.1f}", f"{100 * x.right:.1f}", f"{x.texts:,}") for x in sure.bins]
    table = _table(("probability, %", "right, %", "texts"), rows)
    return [f"## How sure it is\n\n{sure.in_words()}\n\n{table}"]


def _labels(counts: Counter[tuple[str, str]]) -> str:
    """The labels with the lowest F1, where there are too many to read."""
    rows = label_rows(counts)
    table = _table(EACH, rows[:LABELS])
    if len(rows) <= LABELS:
        return table
    return f"The {LABELS} of {len(rows):,} with the lowest F1:\n\n{table}"


def label_rows(counts: Counter[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Give label, precision, recall, F1 and the number of each label, those of the lowest F1
    first."""
    gold: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for (g, p), n in counts.items():
        gold[g] += n
        answered[p] += n
    rows = []
    for label in sorted((gold | answered).keys() - {""}):
        score = score_of_counts(counts[label, label], answered[label], gold[label])
        rows.append((score.f1, label, score))
    rows.sort(key=lambda row: row[:2])
    return [
        (label, *(f"{100 * x:.1f}" for x in (s.precision, s.recall, s.f1)), f"{s.support:,}")
        for _, label, s in rows
    ]


def _errors(model: Measured, examples: Sequence[Example]) -> str:
    wrong = worst_first(model, examples)
    lines = [f"## Errors\n\n{len(wrong):,} of {len(examples):,} texts; the worst of them:"]
    for mistake in wrong[:SHOWN]:
        text = mistake.example.texts[-1].encode("utf-8")
        asked = " | ".join(as_code(text) for text in mistake.example.texts)
        lines.append(
            f"- {mistake.example.source}: {asked}\n"
            f"  - {mistake.in_words()}\n"
            f"  - answered {as_code(mistake.answer.as_line(text))}"
        )
    return "\n".join(lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Indented, so that Markdown leaves the columns as they are."""
    return "\n".join(f"    {line}".rstrip() for line in aligned(head, rows).splitlines())
