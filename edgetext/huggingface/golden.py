"""The texts whose answers an imported model's files carry, where the user gives none."""

from __future__ import annotations

from pathlib import Path

import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.texts import read_texts
from edgetext.model.model import Model

# As many as training keeps.
MOST = 16
TEXTS = (
    "Book a table for two in Paris tomorrow at half past seven.",
    "Angela Merkel met Tim Cook of Apple in Berlin on Monday.",
    "I love this phone, but the battery is terrible!",
    "What is the weather like in New York?",
    "The parcel never arrived and nobody answers my mails.",
    "Play the latest album by The Rolling Stones.",
    "Der Zug nach München hat 20 Minuten Verspätung.",
    "The company reported a profit of 3.2 million dollars.",
)
PAIRS = (
    ("A man is playing a guitar.", "Someone makes music."),
    ("A man is playing a guitar.", "Nobody is playing anything."),
    ("How do I reset my password?", "Where can I change my password?"),
    ("The train is late.", "We had pizza for lunch."),
)
PASSAGE = (
    "Ada Lovelace was born in London in 1815. She wrote the first published program, for the "
    "Analytical Engine of Charles Babbage, and died in 1852."
)
QUESTIONS = ("Where was Ada Lovelace born?", "Who made the Analytical Engine?", "When did she die?")


def golden_texts(inputs: int, answers_questions: bool) -> list[str | list[str]]:
    """Give texts for a model of so many inputs."""
    if inputs == 1:
        return list(TEXTS)
    if answers_questions:
        return [[question, PASSAGE] for question in QUESTIONS]
    return [list(pair) for pair in PAIRS]


@torch.inference_mode()
def surest(model: Model) -> list[str | list[str]]:
    """Give half of a model's golden texts, those that it is surest of.

    They were not chosen for it, and of a text that it knows nothing of int8 says now this and now
    that.
    """
    task, pipeline = model.learner.task, model.pipeline()
    names = model.learner.names(model.header.labels)

    def score(entry: str | list[str]) -> float:
        texts = [entry] if isinstance(entry, str) else entry
        given = [torch.tensor([list(text.encode("utf-8"))], dtype=torch.uint8) for text in texts]
        return float(task.read([output.numpy() for output in pipeline(*given)], names).score)

    texts = list(model.header.golden)
    best = sorted(texts, key=score, reverse=True)[: (len(texts) + 1) // 2]
    return [entry for entry in texts if entry in best]


def read_golden_texts(path: Path, inputs: int) -> list[str | list[str]]:
    """Read them from a file, a text a line, or two with a tab between them; the first MOST.

    EdgetextError for a line of another number of texts, and where there is none.
    """
    texts = [given[0] if inputs == 1 else given for _, given in read_texts(path, inputs)]
    if not texts:
        raise EdgetextError(f"{path}: there is no text in it; write one a line")
    return list({str(text): text for text in texts}.values())[:MOST]
