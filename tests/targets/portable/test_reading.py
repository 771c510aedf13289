"""What reads texts with 32-bit keys says what the text graph says."""

import numpy as np
import pytest
import torch
from torch import nn

from edgetext.model.model import Model
from edgetext.targets.portable.reading import (
    EXACT_BYTES,
    LanePieceLookup,
    LaneStringLookup,
    LaneStringsHere,
    prepare_reading,
)
from edgetext.text.imported.added_graph import StringsHere
from edgetext.text.imported.strings import StringLookup
from edgetext.text.typed import ReadTyped

STRINGS = ["<s>", "a", "</s>", "ab", "é", "<mask>"]


def stages(checkpoint):
    """What reads a text of a model, as it is and prepared for portable files."""
    model = Model.load(checkpoint)
    prepared = model.first_stage()
    prepare_reading(prepared)
    return model.first_stage(), prepared


def tensors(answer):
    """The tensors of an answer of several, some of which may hold more."""
    if isinstance(answer, torch.Tensor):
        return [answer]
    return [tensor for part in answer for tensor in tensors(part)]


def of_bytes(text):
    return torch.from_numpy(np.frombuffer(text or b" ", np.uint8).copy()).reshape(1, -1)


@pytest.mark.parametrize("name", ["int8", "lm"])
def test_texts_are_read_alike(name, request, texts):
    usual, prepared = stages(request.getfixturevalue(name))
    kinds = {type(module) for module in prepared.modules()}
    assert LanePieceLookup in kinds
    for text in [*texts[:20], *texts[-32:]]:
        for expected, answer in zip(
            tensors(usual(of_bytes(text))), tensors(prepared(of_bytes(text))), strict=True
        ):
            assert torch.equal(expected, answer), text


def test_what_is_typed_is_told_by_numbers_that_float32_holds(lm):
    _, prepared = stages(lm)
    (read,) = (module for module in prepared.modules() if isinstance(module, ReadTyped))
    assert read.column_bytes == EXACT_BYTES
    assert int(read.key.max()) <= 1 << 24


def test_strings_of_symbols_have_the_same_numbers():
    generator = np.random.default_rng(2)
    strings = [[n] for n in range(9)] + [[n % 9, (3 * n + 1) % 9, n % 5] for n in range(9)]
    usual = StringLookup.of(strings, 10)
    lanes = LaneStringLookup(usual)
    for size in (1, 2, 7, 40):
        # The last symbol is in no string.
        symbol = torch.tensor([*generator.integers(0, 9, size), 9])
        boundary = torch.from_numpy(generator.integers(0, 2, size + 1))
        expected = usual(symbol, boundary)
        assert torch.equal(lanes(symbol, boundary), expected)
    assert (expected < usual.none).any()


def test_added_tokens_begin_in_the_same_places(texts):
    usual = StringsHere([np.frombuffer(s.encode(), np.uint8) for s in STRINGS], 256, widen=True)
    lanes = LaneStringsHere(usual)
    odd = [b"<s>ab</s>", b"<mask", b"<mask><mask>", b"a" * 70, "é<s>é".encode()]
    marks = 0
    for text in [*texts, *odd]:
        # Room behind a text for what would reach beyond it.
        data = nn.functional.pad(of_bytes(text).reshape(-1).long(), (0, usual.longest))
        expected = usual(data)
        assert torch.equal(lanes(data), expected), text
        marks += int(expected.sum())
    assert marks > 100


def test_tables_hold_32_bits(int8):
    _, prepared = stages(int8)
    limit = torch.iinfo(torch.int32)
    for name, table in prepared.named_buffers():
        if table.dtype == torch.int64:
            assert limit.min <= int(table.min()) and int(table.max()) <= limit.max, name
