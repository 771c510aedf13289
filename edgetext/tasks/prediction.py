"""What a model answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from edgetext.data.example import Node, Sentence, Span
from edgetext.data.trees import write_tree
from edgetext.tasks.completion import Piece, Word, whole


# Not frozen: that would take a microsecond, which is more than all else in making one.
@dataclass(slots=True)
class Prediction:
    """intent is the likeliest label, None in a task without one, and score its probability; scores
    has every label's.

    no_answer: in a task whose answer is a span, the probability that there is none, beside that of
    the span as score. truncated: the text was longer than the model reads, and its end was not
    seen. parts: the answers of a model of several tasks, by name; the rest is then empty. nodes:
    the tree, in preorder, None in a task without one. vector: the text's, of length 1. next, words:
    a language model's suggestions, the likeliest first. sentences: the text's, each with the
    probability that it is the best summary, None in a task without them.
    """

    intent: str | None = None
    score: float = 1.0
    spans: tuple[Span, ...] = ()
    truncated: bool = False
    no_answer: float | None = None
    scores: dict[str, float] = field(default_factory=dict, compare=False, repr=False)
    parts: dict[str, Prediction] = field(default_factory=dict)
    nodes: tuple[Node, ...] | None = None
    vector: tuple[float, ...] = field(default=(), repr=False)
    next: tuple[Piece, ...] = ()
    words: tuple[Word, ...] = ()
    sentences: tuple[Sentence, ...] | None = None

    def as_json(self, text: bytes, top: int = 1, text_b: bytes | None = None) -> dict[str, Any]:
        """JSON values, the spans with the text that they stand for; `top` labels' scores."""
        answer: dict[str, Any] = {"text": text.decode("utf-8", "replace")}
        if text_b is not None:
            answer["text_b"] = text_b.decode("utf-8", "replace")
        if self.parts:
            for name, part in self.parts.items():
                answer[name] = part.as_json(text, top)
                del answer[name]["text"], answer[name]["truncated"]
            return {**answer, "truncated": self.truncated}
        if self.nodes is not None:
            answer["nodes"] = [
                {
                    "label": node.label,
                    "start": node.start,
                    "end": node.end,
                    "depth": node.depth,
                    "text": text[node.start : node.end].decode("utf-8", "replace"),
                }
                for node in self.nodes
            ]
            return {**answer, "tree": write_tree(text, self.nodes), "truncated": self.truncated}
        if self.sentences is not None:
            answer["summary"] = self.summary(text, top)
            answer["sentences"] = [
                {
                    "start": sentence.start,
                    "end": sentence.end,
                    "score": round(sentence.score or 0.0, 4),
                    "text": text[sentence.start : sentence.end].decode("utf-8", "replace"),
                }
                for sentence in self.sentences
            ]
            return {**answer, "truncated": self.truncated}
        if self.vector:
            vector = [round(x, 5) for x in self.vector]
            return {**answer, "vector": vector, "truncated": self.truncated}
        if self.no_answer is not None:
            shown = text if text_b is None else text_b
            found = [shown[s.start : s.end].decode("utf-8", "replace") for s in self.spans]
            answer["answer"] = found[0] if found else ""
            if self.spans:
                answer |= {"start": self.spans[0].start, "end": self.spans[0].end}
            answer |= {"score": round(self.score, 4), "no_answer": round(self.no_answer, 4)}
            return {**answer, "truncated": self.truncated}
        if self.intent is not None:
            answer |= {"intent": self.intent, "score": round(self.score, 4)}
        answer["spans"] = [
            {
                "label": span.label,
                "start": span.start,
                "end": span.end,
                "text": text[span.start : span.end].decode("utf-8", "replace"),
            }
            for span in self.spans
        ]
        if self.next:
            answer["next"] = [
                {**_suggestion(piece.rest, piece.score), "finished": not piece.data}
                for piece in self.next
            ]
            answer["words"] = [_suggestion(word.rest, word.score) for word in self.words]
        answer["truncated"] = self.truncated
        if top > 1 and self.scores:
            answer["scores"] = {name: round(score, 4) for name, score in self._best(top)}
        return answer

    def as_line(self, text: bytes, top: int = 1) -> str:
        """The answer for people, on one line; text: the one that spans stand in, the last."""
        parts = [f"{name}: {part.as_line(text, top)}" for name, part in self.parts.items()]
        if self.intent is not None:
            parts.append(", ".join(f"{name} {score:.3f}" for name, score in self._best(top)))
        for span in self.spans:
            words = text[span.start : span.end].decode("utf-8", "replace")
            parts.append(f"{span.label}={words!r}[{span.start}:{span.end}]")
        if self.no_answer is not None:
            parts.append(f"{self.score:.3f} (no answer {self.no_answer:.3f})")
        if self.nodes is not None:
            parts.append(write_tree(text, self.nodes))
        if self.sentences is not None:
            parts.append(self.summary(text, top))
        if self.vector:
            parts.append(" ".join(f"{x:.3f}" for x in self.vector))
        if self.next:
            parts += [f"{whole(text, word)} {word.score:.3f}" for word in self.words]
        if self.truncated:
            parts.append("(cut: the text is longer than the model reads)")
        return "  ".join(parts)

    def best_sentences(self, top: int = 1) -> list[Sentence]:
        """The `top` sentences with the highest scores, in the order of the text."""
        ranked = sorted(self.sentences or (), key=lambda sentence: -(sentence.score or 0.0))
        return sorted(ranked[:top], key=lambda sentence: sentence.start)

    def summary(self, text: bytes, top: int = 1) -> str:
        """The `top` best sentences on one line."""
        found = (text[s.start : s.end].decode("utf-8", "replace") for s in self.best_sentences(top))
        return " ".join(" ".join(sentence.split()) for sentence in found)

    def _best(self, top: int) -> list[tuple[str, float]]:
        scores = self.scores or {str(self.intent): self.score}
        return sorted(scores.items(), key=lambda item: -item[1])[:top]


def _suggestion(rest: bytes, score: float) -> dict[str, Any]:
    return {"append": rest.decode("utf-8", "replace"), "score": round(score, 4)}
