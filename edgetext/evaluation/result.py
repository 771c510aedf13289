"""What models answered on the same texts, as figures of each beside the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured, by_file, disagreements
from edgetext.tasks.metrics import in_points, with_macro_f1


@dataclass(frozen=True, slots=True)
class Noised:
    """The answers of the same models, in their order, to the same examples with noise.

    amounts: how much there is, by kind of noise.
    """

    amounts: Mapping[str, float]
    examples: list[Example]
    measured: list[Measured]

    def in_words(self) -> str:
        """Name the noise as it is asked for."""
        return ",".join(f"{name}:{amount:g}" for name, amount in self.amounts.items())


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answers of models to the examples of a split.

    measured: one a model, in the order in which they were given. against: the model that each is
    compared with, None for none. noised: what they answer with noise, None where none was asked
    for.
    """

    split: str
    examples: list[Example]
    measured: list[Measured]
    against: Measured | None = None
    noised: Noised | None = None

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the first model, each 0 to 1 but for those that have no upper end."""
        return self.measured[0].metrics(self.examples)

    def disagreeing(self, model: Measured) -> list[int]:
        """Return the positions of the examples that a model answers in another way than
        `against`."""
        return [] if self.against is None else disagreements(model, self.against)

    def agreement(self, model: Measured, members: Sequence[int] | None = None) -> float:
        """Return the share of the examples, or of those at `members`, that a model answers as
        `against` does: 0 to 1."""
        chosen = range(len(self.examples)) if members is None else members
        return 1 - len(set(self.disagreeing(model)).intersection(chosen)) / len(chosen)

    def rows(self, files: bool = False) -> list[dict[str, Any]]:
        """Return a row of figures a model, as `edgetext evaluate --json` prints them; with `files`
        one more for each file of the split.

        Metrics and agreement are in points (of 100), times in milliseconds.
        """
        members = by_file(self.examples) if files else {}
        rows = []
        for number, model in enumerate(self.measured):
            rows.append({**self._row(model), **self._noised_row(number)})
            rows += [self._part(model, file, chosen) for file, chosen in members.items()]
        return rows

    def _row(self, model: Measured) -> dict[str, Any]:
        path = model.predictor.path
        classes = model.class_scores(self.examples)
        row: dict[str, Any] = {
            "model": str(path),
            "runtime": model.predictor.runtime or path.suffix.lstrip("."),
            "variant": model.predictor.metadata.variant,
            "texts": len(self.examples),
            "bytes": path.stat().st_size,
            **_in_points(with_macro_f1(model.metrics(self.examples), classes)),
            "p50_ms": round(model.percentile(50), 3),
            "p90_ms": round(model.percentile(90), 3),
        }
        if classes:
            row["class_f1"] = {label: round(100 * x.f1, 2) for label, x in sorted(classes.items())}
        if self.against is not None:
            row["agreement"] = round(100 * self.agreement(model), 2)
            row["disagreeing"] = [self.examples[i].source for i in self.disagreeing(model)]
        return row

    def _noised_row(self, number: int) -> dict[str, Any]:
        """The figures of a model with noise; none where there is none."""
        if self.noised is None:
            return {}
        model, examples = self.noised.measured[number], self.noised.examples
        classes = model.class_scores(examples)
        figures = _in_points(with_macro_f1(model.metrics(examples), classes))
        return {"noise": self.noised.in_words(), "noised": figures}

    def _part(self, model: Measured, file: str, members: Sequence[int]) -> dict[str, Any]:
        row: dict[str, Any] = {
            "model": str(model.predictor.path),
            "file": file,
            "texts": len(members),
            **_in_points(model.metrics(self.examples, members)),
        }
        if self.against is not None:
            row["agreement"] = round(100 * self.agreement(model, members), 2)
        return row


def _in_points(metrics: dict[str, float]) -> dict[str, float]:
    return {name: round(in_points(name, value), 2) for name, value in metrics.items()}
