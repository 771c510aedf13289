"""What came of asking a file in an engine, as a row.

A row:

    format      1
    engine      {"runtime", "title", "release"}
    file        {"name", "suffix", "sha256", "task", "precision"}
    checkpoint  {"name", "sha256"}
    seed        of the texts; bound: how far a score may be from the checkpoint's to be near
    golden      {"equal", "near", "borderline", "other"}: how many of the file's golden examples
    texts       the same of the texts that were asked
    widest      the largest difference of a number in the answers that are equal or near
    first       the first few others, then borderline ones, as {"likeness", "kind", "text", "what"},
                each text as Python writes it, two of them in a list
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from edgetext.conformance.likeness import BORDERLINE, LIKENESSES, OTHER, cut
from edgetext.core.files import sha256
from edgetext.tasks.judging import SCORE_TOLERANCE

FORMAT = 1
FEW = 10  # differences that a row lists, of each likeness
SHOWN = 120  # characters of a text
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A text that was answered in another way. kind: what sort of text it is; what: the two
    answers, or the fault, in words."""

    likeness: str
    kind: str
    texts: tuple[bytes, ...]
    what: str

    def as_row(self) -> Row:
        """Give the JSON values."""
        shown = [escaped(text) for text in self.texts]
        text = shown[0] if len(shown) == 1 else shown
        return {"likeness": self.likeness, "kind": self.kind, "text": text, "what": self.what}


@dataclass(slots=True)
class Asked:
    """How many of some texts were answered how, what differs, and the widest gap of a number in
    the answers that do not."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    widest: float = 0.0

    def counted(self) -> dict[str, int]:
        """Give each of LIKENESSES with how many texts there are of it."""
        return {name: self.counts[name] for name in LIKENESSES}


def first_few(differences: Iterable[Difference]) -> list[Row]:
    """Give FEW rows of texts that are other, then of those that are borderline."""
    every = list(differences)
    return [
        difference.as_row()
        for likeness in (OTHER, BORDERLINE)
        for difference in [x for x in every if x.likeness == likeness][:FEW]
    ]


def as_row(engine: Any, truth: Any, seed: int, golden: Asked, texts: Asked) -> Row:
    """Make the row. engine: engines.Engine; truth: reference.Reference, by whose path the
    checkpoint is named."""
    predictor, checkpoint = engine.predictor, truth.predictor.path
    return {
        "format": FORMAT,
        "engine": {
            "runtime": engine.target.name,
            "title": engine.target.title,
            "release": engine.release,
        },
        "file": {
            "name": predictor.path.name,
            "suffix": predictor.path.suffix,
            "sha256": sha256(predictor.path),
            "task": predictor.metadata.task,
            "precision": truth.precision,
        },
        "checkpoint": {"name": checkpoint.name, "sha256": sha256(checkpoint)},
        "seed": seed,
        "bound": SCORE_TOLERANCE,
        "golden": golden.counted(),
        "texts": texts.counted(),
        "widest": round(max(golden.widest, texts.widest), 6),
        "first": first_few([*golden.differences, *texts.differences]),
    }


def escaped(text: bytes) -> str:
    """Write a text as a Python literal on one line, a str where it is UTF-8, cut where it is
    long."""
    try:
        literal = repr(text.decode("utf-8"))
    except UnicodeDecodeError:
        literal = repr(text)
    return cut(literal, SHOWN)
