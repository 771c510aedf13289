"""The table of text.pieces with keys of two 32-bit integers in place of one of 64 bits.

Not every engine has integers of 64 bits: OpenVINO and WebGPU compute with 32, and what compares
them, or takes a remainder or the least of them, does so in float32. So a key is a pair of sums of
products that wrap round at 2^32, which is the same everywhere; the first tells the bucket, the
second the slot; slots are a power of two; and what is compared are differences, of which a small
one is a small number in float32, too, and a large one stays large.

A string that is no piece is taken for one only when both lanes of its key come as close to a
piece's as text.pieces says of one lane, within 30 bits each: 2^-60 in place of 2^-62.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgetext.text.pieces import BUCKET_SIZE, HashedStrings
from edgetext.text.placing import place

LANES = 2
# Of a difference so many bits count: what is left is below 2^30, which float32 holds.
DIFFERENCE = (1 << 30) - 1
# A fuller table takes many seeds.
FULLEST = 0.95


@dataclass(frozen=True, slots=True)
class Lanes:
    """value int32[2, 1, values], by symbol; power int32[2, longest, 1], by place; shift
    int32[buckets]; key int32[2, slots], a string's key in each lane plus its rank. The numbers of
    buckets and of slots are powers of two."""

    value: np.ndarray
    power: np.ndarray
    shift: np.ndarray
    key: np.ndarray


def lay_out_lanes(hashed: HashedStrings) -> Lanes:
    """Lay out the strings of a table, each with its rank."""
    symbols, ranks = hashed.symbols, hashed.rank
    count = len(symbols)
    slots = 1 << int(count / FULLEST).bit_length()
    buckets = 1 << (count // BUCKET_SIZE).bit_length()
    for seed in range(1000):
        generator = np.random.Generator(np.random.PCG64(seed))
        value, power, keys = draw_keys(generator, symbols, len(hashed.value))
        if len(np.unique(keys, axis=1)[0]) < count:
            continue
        placed = place(keys[0] & (buckets - 1), keys[1] & (slots - 1), buckets, slots)
        if placed is None:
            continue
        shift, slot_of = placed
        table = _drawn(generator, LANES, slots)
        table[:, slot_of] = _wrapped(keys + ranks)
        return Lanes(value, power, shift.astype(np.int32), table)
    raise AssertionError("no seed of 1000 gave a perfect hash")


def draw_keys(
    generator: np.random.Generator, symbols: np.ndarray, values: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw values and powers as Lanes has them, and give the keys of strings, int64[2, strings].

    symbols int64[strings, longest], below `values`, -1 behind a string's end.
    """
    value, power = _drawn(generator, LANES, values), _drawn(generator, LANES, symbols.shape[1]) | 1
    keys = np.stack([_keys(symbols, *lane) for lane in zip(value, power, strict=True)])
    return value[:, None], power[..., None], keys


def _drawn(generator: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw any integers of 32 bits."""
    limit = np.iinfo(np.int32)
    return generator.integers(limit.min, limit.max, shape, np.int32)


def _keys(symbols: np.ndarray, value: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Give the sums of products of strings, as int64[strings] within 32 bits."""
    products = np.where(symbols >= 0, value[symbols].astype(np.int64) * power, 0)
    return _wrapped(_wrapped(products).astype(np.int64).sum(axis=1)).astype(np.int64)


def _wrapped(values: np.ndarray) -> np.ndarray:
    """Give integers modulo 2^32, as int32."""
    return (values & 0xFFFFFFFF).astype(np.uint32).view(np.int32)
