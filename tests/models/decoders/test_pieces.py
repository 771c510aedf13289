"""Spans of the scores of pieces, beside the same written as loops over pieces, words and groups."""

import numpy as np
import pytest
import torch

from edgetext.models.decoders.pieces import PieceTagDecoder

BIO = ["O", "B-a", "I-a", "B-b", "I-b"]
BILOU = ["B-a", "I-a", "L-a", "U-a", "O", "U-b", "L-b"]
PLAIN = ["NOUN", "O", "VERB"]


def tag_of(tag, tags):
    """(label, begins a span, ends a span) of a tag."""
    closing = "U-a" in tags
    prefix, _, label = tag.partition("-")
    if not label:
        return tag, False, False
    return label, prefix in ("BU" if closing else "B"), closing and prefix in "LU"


def by_loops(chance, start, end, inside, tags, aggregation):
    """The pipeline of transformers, piece by piece, with BILOU's ends."""
    words = []
    for piece in range(len(chance)):
        if aggregation != "simple" and words and inside[piece]:
            words[-1].append(piece)
        else:
            words.append([piece])
    groups, last = [], None
    for word in words:
        if aggregation == "average":
            scores = chance[word].mean(0)
        elif aggregation == "max":
            scores = chance[max(word, key=lambda piece: chance[piece].max())]
        else:
            scores = chance[word[0]]
        best = int(scores.argmax())
        label, begins, ends = tag_of(tags[best], tags)
        if last is None or label != last[0] or begins or last[1]:
            groups.append((label, [], []))
        groups[-1][1].append(word)
        groups[-1][2].append(scores[best])
        last = label, ends
    return [
        (label, start[own[0][0]], end[own[-1][-1]], float(np.mean(scores)))
        for label, own, scores in groups
        if label != "O"
    ]


@pytest.mark.parametrize("aggregation", ["simple", "first", "average", "max"])
@pytest.mark.parametrize("tags", [BIO, BILOU, PLAIN], ids=["bio", "bilou", "plain"])
def test_spans_are_those_of_the_pipeline(tags, aggregation):
    generator = np.random.default_rng(1)
    decoder = PieceTagDecoder(tags, aggregation)
    slots = list(dict.fromkeys(tag_of(tag, tags)[0] for tag in tags if tag != "O"))
    seen = 0
    for _ in range(60):
        count = int(generator.integers(0, 9))
        logits = generator.normal(0, 2, (count + 1, len(tags))).astype(np.float32)
        inside = (generator.random(count) < 0.4).astype(np.int64)
        start = np.arange(count) * 3
        chance = torch.softmax(torch.from_numpy(logits), -1).numpy()[1:]
        expected = by_loops(chance, start, start + 2, inside, tags, aggregation)
        rows = [torch.from_numpy(np.insert(x, 0, 0)) for x in (start, start + 2, inside)]
        # A piece more behind the text, as a network gives it.
        scores = torch.from_numpy(np.concatenate([logits, logits[:1]]))[None]
        sure, spans = decoder({"tags": scores}, *rows)
        named = [(slots[label], begin, until) for label, begin, until in spans.tolist()]
        assert named == [row[:3] for row in expected]
        assert sure.tolist() == pytest.approx([row[3] for row in expected], abs=1e-6)
        seen += len(expected)
    assert seen > 60
