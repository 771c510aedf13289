"""Texts that stand in two splits, or twice with other labels: told from hashes of 8 bytes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence

import numpy as np
import numpy.typing as npt

from edgetext.data.example import Example
from edgetext.data.findings import SHOWN, Findings, quoted
from edgetext.data.tally import Tally, parts_of

Numbers = npt.NDArray[np.int64]
# (number of an example, number of the one before it that it repeats)
Repeat = tuple[int, int]
Fetch = Callable[[Collection[int]], dict[int, Example]]


def find_repeats(
    tallies: Sequence[Tally], fetch: Fetch, leaks: Findings, conflicts: Findings
) -> None:
    """Find texts of one split that another has too, and texts that have other labels elsewhere.

    fetch: gives examples by their numbers, of the few that are quoted.
    """
    leaking: list[tuple[str, str, Repeat]] = []
    splits = list(dict.fromkeys(tally.report.split for tally in tallies))
    columns = {split: _columns([t for t in tallies if t.report.split == split]) for split in splits}
    for one, other in itertools.combinations(splits, 2):
        count, repeats = _shared(columns[one], columns[other])
        leaks.count += count
        leaking += [(one, other, repeat) for repeat in repeats]
    del leaking[SHOWN:]
    del columns  # of a million examples it is 24 MB
    count, differing = _differing(_columns(tallies))
    conflicts.count += count
    numbers = {n for _, _, repeat in leaking for n in repeat} | {n for r in differing for n in r}
    examples = fetch(numbers) if numbers else {}
    for one, other, (number, earlier) in leaking:
        example, first = examples[number], examples[earlier]
        leaks.first.append(
            f"{example.source} ({other}): {quoted(example)} is in {one}: {first.source}"
        )
    for number, earlier in differing:
        example, first = examples[number], examples[earlier]
        conflicts.first.append(
            f"{example.source}: {quoted(example)} is {_words(example)} and in {first.source} "
            f"{_words(first)}"
        )


def _columns(tallies: Sequence[Tally]) -> tuple[Numbers, Numbers, Numbers]:
    """The keys, answers and numbers of some sources, an entry an example."""
    keys, answers, numbers = (
        np.concatenate([np.asarray(getattr(t, name), np.int64) for t in tallies])
        for name in ("keys", "answers", "numbers")
    )
    return keys, answers, numbers


def _shared(
    one: tuple[Numbers, Numbers, Numbers], other: tuple[Numbers, Numbers, Numbers]
) -> tuple[int, list[Repeat]]:
    """How many examples of `other` have a text of `one`, and the first with the last of `one`."""
    at = np.flatnonzero(np.isin(other[0], one[0]))
    repeats = [
        (int(other[2][i]), int(one[2][np.flatnonzero(one[0] == other[0][i])[-1]]))
        for i in at[:SHOWN]
    ]
    return len(at), repeats


def _differing(columns: tuple[Numbers, Numbers, Numbers]) -> tuple[int, list[Repeat]]:
    """How many texts have several answers, and of the first the first example that differs."""
    keys, answers, numbers = columns
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else order
    del ordered
    said = answers[order]
    sizes = np.diff(starts, append=len(keys))
    differs = np.flatnonzero(said != np.repeat(said[starts], sizes))
    groups, at = np.unique(np.searchsorted(starts, differs, "right") - 1, return_index=True)
    others = differs[at]
    pairs = sorted(zip(order[starts[groups]].tolist(), order[others].tolist(), strict=True))
    return len(pairs), [(int(numbers[b]), int(numbers[a])) for a, b in pairs[:SHOWN]]


def _words(example: Example) -> str:
    slots = ", ".join(f"{part.label} {part.start}:{part.end}" for part in parts_of(example))
    labels = ", ".join(example.text_labels or ())
    return " with ".join(part for part in (labels, slots) if part) or "without labels"
