"""The network alone in the report: its times by length, and what int8 gains over float32."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.model.variants import is_quantized
from edgetext.timing import statistics
from edgetext_bench.report.figures import Numbered
from edgetext_bench.rows import AS_IS, cell_of

# What a network in int8 is to gain over the same one in float32.
WANTED = 1.8
Length = int | str


@dataclass(frozen=True, slots=True)
class Gain:
    """float32 ÷ int8 of two files with one vocabulary in one runtime, more is faster.

    by_length: length -> (ratio, low, high), the ends of its 95 % interval. kind: see `times`.
    """

    int8: Numbered
    float32: Numbered
    by_length: dict[Length, tuple[float, float, float]]
    kind: str = "network"

    @property
    def reached(self) -> list[Length]:
        """The lengths at which WANTED is reached."""
        return [length for length, (ratio, _, _) in self.by_length.items() if ratio >= WANTED]


def times(one: Numbered, kind: str = "network") -> dict[Length, dict[str, object]]:
    """The figures of the network alone by length of text, the shortest first.

    kind: "network", from pieces to answer; "scores", to the scores that an answer is made of.
    """
    by_length = {
        cell.length: row["measured"]
        for row in one.subject.rows
        if (cell := cell_of(row)).kind == kind and row["status"] == "ok"
    }
    return dict(sorted(by_length.items(), key=lambda item: (item[0] != AS_IS, item[0])))


def lengths(able: Sequence[Numbered]) -> list[Length]:
    """All lengths at which a network was timed."""
    found = {length for one in able for length in times(one)}
    return sorted(found, key=lambda length: (length != AS_IS, length))


def gains(able: Sequence[Numbered]) -> list[Gain]:
    """Every int8 file against every float32 file that reads the same pieces in the same runtime."""
    pairs = [(small, full) for small in able for full in able if _pair(small, full)]
    compared = []
    for kind in ("network", "scores"):
        for small, full in pairs:
            mine, theirs = times(small, kind), times(full, kind)
            ratios = {
                length: _ratio(mine[length], theirs[length]) for length in mine if length in theirs
            }
            if ratios:
                compared.append(Gain(small, full, ratios, kind))
    return compared


def _pair(small: Numbered, full: Numbered) -> bool:
    one, other = small.subject, full.subject
    same = (
        one.runtime == other.runtime
        and one.machine.get("id") == other.machine.get("id")
        and all(
            one.file.get(name) is not None and one.file.get(name) == other.file.get(name)
            for name in ("vocabulary_sha256", "task", "model")
        )
    )
    return same and is_quantized(one.file) and not is_quantized(other.file)


def _ratio(small: dict[str, object], full: dict[str, object]) -> tuple[float, float, float]:
    old, new = small["round_p50_us"], full["round_p50_us"]
    assert isinstance(old, list) and isinstance(new, list)
    middle, (low, high) = statistics.compared(old, new)
    return middle, low, high


def in_words(gain: Gain) -> str:
    """One sentence on a pair."""
    parts = ", ".join(
        f"{ratio:.2f}× ({low:.2f}–{high:.2f}) at {named(length)}"
        for length, (ratio, low, high) in gain.by_length.items()
    )
    where = "; ".join(named(length) for length in gain.reached)
    verdict = f"{WANTED}× is reached at {where}" if where else f"{WANTED}× is reached nowhere"
    scope = ", to the scores without decoding" if gain.kind == "scores" else ""
    return (
        f"{gain.int8.subject.name} against {gain.float32.subject.name} in "
        f"{gain.int8.subject.runtime}{scope}: {parts}. {verdict}."
    )


def named(length: Length) -> str:
    return "the texts as they are" if length == AS_IS else f"{length} bytes"


def rows(able: Sequence[Numbered]) -> list[tuple[Numbered, list[str]]]:
    """p50 in µs by `lengths`, "" where it was not timed."""
    columns = lengths(able)
    shown = []
    for one in able:
        measured = times(one)
        if measured:
            cells = [f"{measured[x]['p50_us']:,.1f}" if x in measured else "" for x in columns]
            shown.append((one, cells))
    return shown
