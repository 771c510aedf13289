"""Where a model errs: its labels one by one, what it takes for what, and its surest errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.core.tables import aligned, as_code
from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured
from edgetext.tasks.metrics import in_points, score_of_counts, with_macro_f1
from edgetext.tasks.prediction import Prediction

SHOWN = 20


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
    predictor = model.predictor
    classes = model.class_scores(examples)
    metrics = ", ".join(
        f"{name.replace('_', ' ')} {in_points(name, value):.2f}"
        for name, value in with_macro_f1(model.metrics(examples), classes).items()
    )
    sections = [
        f"# {predictor.path.name}",
        f"{predictor.metadata.name} ({predictor.metadata.variant}), {len(examples):,} texts: "
        f"{metrics}.",
    ]
    for kind, counts in count_decisions(model, examples).items():
        sections.append(f"## Each {kind}\n\n{_labels(counts)}")
        confused = [(pair, n) for pair, n in counts.most_common() if pair[0] != pair[1]]
        if confused:
            rows = [(g or "nothing", p or "nothing", f"{n}") for (g, p), n in confused[:SHOWN]]
            table = _table((f"true {kind}", "answered", "times"), rows)
            sections.append(f"## Most confused: {kind}\n\n{table}")
    sections.append(_errors(model, examples))
    return "\n\n".join(sections) + "\n"


def _labels(counts: Counter[tuple[str, str]]) -> str:
    """Precision, recall and F1 of each label, the rarest right first."""
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
    return _table(
        ("label", "precision", "recall", "F1", "there are"),
        [
            (label, *(f"{100 * x:.1f}" for x in (s.precision, s.recall, s.f1)), f"{s.support:,}")
            for _, label, s in rows
        ],
    )


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
