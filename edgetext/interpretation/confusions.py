"""Groups of labels that a model takes for one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

# Labels are of one group where, between two parts of it, at least this share of a label's texts go
# to each label of the other part, on average.
LEAST_SHARE = 0.03
# What happened once may be chance.
LEAST_TIMES = 2


@dataclass(frozen=True, slots=True)
class Confusion:
    """labels: of one kind, that are taken for one another, the most confused first. pairs: (true,
    answered) -> how often, within the group; times: of all pairs."""

    kind: str
    labels: tuple[str, ...]
    pairs: Mapping[tuple[str, str], int]

    @property
    def times(self) -> int:
        return sum(self.pairs.values())


def groups(kind: str, counts: Mapping[tuple[str, str], int]) -> list[Confusion]:
    """Group the labels of one kind by who is taken for whom, the most confused group first.

    counts: (true label, answered label) -> how often, the right ones among them. Two groups become
    one, those first that are confused most (average linkage, Sokal & Michener 1958), as long as the
    mean share over their pairs of labels is LEAST_SHARE. A group of fewer confusions than
    LEAST_TIMES is left out. What is missing or too much, "", is no label here.
    """
    support: Counter[str] = Counter()
    for (gold, _), times in counts.items():
        support[gold] += times
    shares: defaultdict[frozenset[str], float] = defaultdict(float)
    for (gold, answered), times in counts.items():
        if gold != answered and gold and answered:
            shares[frozenset((gold, answered))] += times / support[gold]
    members = {label: frozenset((label,)) for pair in shares for label in pair}
    parts = set(members.values())
    linked = {frozenset(members[x] for x in pair): share for pair, share in shares.items()}
    while linked:
        pair = max(linked, key=lambda pair: (linked[pair] / _size(pair), sorted(map(sorted, pair))))
        if linked[pair] / _size(pair) < LEAST_SHARE:
            break
        joined = frozenset().union(*pair)
        parts = (parts - pair) | {joined}
        linked = _relinked(linked, pair, joined)
    confusions = [_confusion(kind, part, counts) for part in parts if len(part) > 1]
    confusions = [one for one in confusions if one.times >= LEAST_TIMES]
    return sorted(confusions, key=lambda one: (-one.times, one.labels))


Group = frozenset[str]


def _size(pair: frozenset[Group]) -> int:
    """Count the pairs of labels, one of each of two groups."""
    one, other = pair
    return len(one) * len(other)


def _relinked(
    linked: Mapping[frozenset[Group], float], pair: frozenset[Group], joined: Group
) -> dict[frozenset[Group], float]:
    """Give the shares between groups after two have become one."""
    again: dict[frozenset[Group], float] = {}
    for ends, share in linked.items():
        if ends == pair:
            continue
        moved = frozenset(joined if end in pair else end for end in ends)
        again[moved] = again.get(moved, 0.0) + share
    return again


def _confusion(kind: str, part: Group, counts: Mapping[tuple[str, str], int]) -> Confusion:
    pairs = {
        pair: times
        for pair, times in counts.items()
        if pair[0] != pair[1] and pair[0] in part and pair[1] in part
    }
    ranked = dict(sorted(pairs.items(), key=lambda item: (-item[1], item[0])))
    each: Counter[str] = Counter()
    for pair, times in ranked.items():
        for label in pair:
            each[label] += times
    labels = tuple(sorted(part, key=lambda label: (-each[label], label)))
    return Confusion(kind, labels, ranked)
