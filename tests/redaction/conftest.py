"""A stand-in for a model: labels words by a pattern, and reads no more than 64 bytes."""

import re
from types import SimpleNamespace

import pytest

from edgetext.data.example import Span

PATTERN = re.compile(rb"(?P<PERSON>Ann?a( Koch)?)|(?P<CARD>\d{4}( \d{4})+)|(?P<IP>\d+(\.\d+)+)")


class Words:
    """Answers as a Predictor does; refuses what is longer than it reads."""

    path = "words.onnx"
    metadata = SimpleNamespace(slots=("PERSON", "CARD", "IBAN", "IP"), max_bytes=64, task="tag")
    task = SimpleNamespace(inputs=("text",))

    def __init__(self):
        self.longest = self.together = 0

    def predict(self, data, *, whole=False):
        self.longest = max(self.longest, len(data))
        assert len(data) <= self.metadata.max_bytes
        spans = [Span(m.lastgroup, *m.span(), data) for m in PATTERN.finditer(data)]
        return SimpleNamespace(spans=spans, truncated=False)

    def predict_many(self, texts):
        self.together = max(self.together, len(texts))
        return [self.predict(data) for data in texts]


@pytest.fixture
def words():
    return Words()
