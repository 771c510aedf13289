"""Two texts as one sequence: the tensor program leaves out what `tokenizers` leaves out."""

import random

import numpy as np
import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.imported.truncation import LONGEST_FIRST, ONLY_SECOND

WORDS = ["the", "unaffable", "café,", "naïve", "São", "Zürich", "한국", "天气", "x"]


def as_tensor(text):
    return torch.tensor(list(text.encode("utf-8")), dtype=torch.uint8)[None]


@pytest.mark.parametrize("truncation", [LONGEST_FIRST, ONLY_SECOND])
@pytest.mark.parametrize("max_length", [8, 9, 64])
@pytest.mark.parametrize("kind", ["uncased", "bytes", "bytes after a space", "unigram"])
def test_ids_and_places_are_those_of_tokenizers(contents, kind, truncation, max_length):
    tokenizer = ImportedTokenizer.read(
        contents[kind], source="tokenizer.json", max_length=max_length
    )
    longer = ImportedTokenizer.read(contents[kind], source="tokenizer.json", max_length=500)
    graph = tokenizer.pair_graph(truncation=truncation).eval()
    generator = random.Random(max_length)
    compared = 0
    for _ in range(100):
        texts = [" ".join(generator.choices(WORDS, k=generator.randint(1, 9))) for _ in "ab"]
        try:
            expected = tokenizer.encode_pair(*texts, truncation=truncation)
        except EdgetextError:
            assert truncation == ONLY_SECOND
            continue
        pieces = graph(*map(as_tensor, texts))
        for name, value in (("piece_start", expected.start), ("piece_end", expected.end)):
            assert getattr(pieces, name).tolist() == value.tolist(), texts
        for name in ("ids", "type_ids", "text"):
            assert getattr(pieces, name).tolist() == getattr(expected, name).tolist(), texts
        words = np.flatnonzero(expected.first & (expected.text == 1))
        assert pieces.first.tolist() == [0, *words], texts
        assert pieces.start[1:].tolist() == expected.start[words].tolist(), texts
        last = np.append(words[1:], len(expected.ids) - 1) - 1
        assert pieces.end[1:].tolist() == expected.end[last].tolist(), texts
        whole = longer.encode_pair(*texts)
        assert pieces.truncated.tolist() == [len(whole.ids) > max_length]
        compared += 1
    assert compared > 4
