"""What a model answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from edgetext.data.example import Span


@dataclass(frozen=True, slots=True)
class Prediction:
    """intent is the likeliest label and score its probability; scores has every label's.

    truncated: the text was longer than the model reads, and its end was not seen.
    """

    intent: str
    score: float
    spans: tuple[Span, ...] = ()
    truncated: bool = False
    scores: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def as_json(self, text: bytes, top: int = 1) -> dict[str, Any]:
        """JSON values, the spans with the text that they stand for; `top` labels' scores."""
        best = sorted(self.scores.items(), key=lambda item: -item[1])[:top]
        answer: dict[str, Any] = {
            "text": text.decode("utf-8", "replace"),
            "intent": self.intent,
            "score": round(self.score, 4),
            "spans": [
                {
                    "label": span.label,
                    "start": span.start,
                    "end": span.end,
                    "text": text[span.start : span.end].decode("utf-8", "replace"),
                }
                for span in self.spans
            ],
            "truncated": self.truncated,
        }
        if top > 1:
            answer["scores"] = {name: round(score, 4) for name, score in best}
        return answer
