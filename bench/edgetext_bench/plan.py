"""How much is measured: the cells of a run and the time that each gets."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from edgetext_bench.rows import AS_IS

LENGTHS = (8, 16, 32, 64, 128, 256, 512)
BATCHES = (1, 2, 4, 8, 16, 32, 64)

Setting = tuple[int, int, int | str]
# What is measured of each contender on this machine.
KINDS = ("start", "latency", "network", "scores", "quality", "noise", "operators", "work")


@dataclass(frozen=True, slots=True)
class Plan:
    """threads, batches, lengths: the values swept, one axis at a time from (1, 1, the data's own
    texts), or all of them crossed. rounds: how often the contenders take turns at a setting;
    round_seconds: how long each turn is. starts: fresh processes. quality_texts, timed_texts: how
    many texts of the data, None for all. kinds: those of KINDS that are measured."""

    threads: tuple[int, ...]
    batches: tuple[int, ...] = BATCHES
    lengths: tuple[int, ...] = LENGTHS
    cross: bool = False
    rounds: int = 20
    round_seconds: float = 0.12
    starts: int = 5
    quality_texts: int | None = None
    noise_texts: int | None = None
    timed_texts: int = 50
    quick: bool = False
    seed: int = 1
    kinds: tuple[str, ...] = KINDS

    def settings(self) -> list[Setting]:
        """(threads, batch, length), those with the same threads together."""
        if self.cross:
            lengths: tuple[int | str, ...] = (AS_IS, *self.lengths)
            return list(itertools.product(self.threads, self.batches, lengths))
        return list(_once(self._star()))

    def networks(self) -> list[int | str]:
        """The lengths of text at which the network alone is timed."""
        return [AS_IS, *self.lengths]

    def _star(self) -> Iterator[Setting]:
        for threads in self.threads:
            yield threads, 1, AS_IS
            if threads == 1:
                yield from ((1, 1, length) for length in self.lengths)
                yield from ((1, batch, AS_IS) for batch in self.batches)
            else:
                yield from ((threads, 1, length) for length in self.lengths[-1:])
                yield from ((threads, batch, AS_IS) for batch in self.batches[-1:])


def full(cores: int) -> Plan:
    """At most 30 minutes for eight contenders on two cores."""
    return Plan(threads=_powers(cores))


def quick(cores: int) -> Plan:
    """At most two minutes for six contenders; on one thread, without time by operator."""
    return replace(
        full(cores),
        threads=(1,),
        batches=(1, 16),
        lengths=(8, 64, 512),
        rounds=8,
        round_seconds=0.04,
        starts=2,
        quality_texts=300,
        noise_texts=100,
        # A `.pte` is run cut short after each of its instructions, which takes ten seconds.
        kinds=tuple(kind for kind in KINDS if kind != "operators"),
        quick=True,
    )


def narrowed(plan: Plan, kinds: tuple[str, ...]) -> Plan:
    """The plan with one thread, one text at a time and the texts as they are."""
    return replace(plan, threads=(1,), batches=(1,), lengths=(), kinds=kinds)


def _powers(limit: int) -> tuple[int, ...]:
    """1, 2, 4 … and `limit` itself."""
    return tuple(sorted({*(1 << k for k in range(limit.bit_length())), limit}))


def _once(settings: Iterable[Setting]) -> Iterator[Setting]:
    yield from dict.fromkeys(settings)
