"""An explanation in a terminal: the text in colors, and its strongest parts as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgetext.core.tables import aligned
from edgetext.data.text_range import decoded
from edgetext.interpretation.explanation import Explanation, Part

if TYPE_CHECKING:
    from rich.text import Text

SHOWN = 10
# Signs of a bar of a table, of the largest weight.
BAR = 20
# Red, green and blue of what speaks for the goal and against it, at their strongest.
FOR, AGAINST = (0, 140, 70), (190, 50, 40)
# Weights of less than this share of the largest have no color.
LEAST = 0.05


def show(explanation: Explanation) -> None:
    """Print an explanation on stdout, in colors where that is a terminal."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    last = explanation.texts[-1]
    console.print(explanation.answer.as_line(last), markup=False)
    console.print(f"why {explanation.goal.words}, by {explanation.method}:", markup=False)
    for whose in range(len(explanation.texts)):
        console.print(_colored(explanation, whose))
    console.print(table(explanation), markup=False)
    for line in remarks(explanation):
        console.print(line, markup=False)


def table(explanation: Explanation) -> str:
    """Give the strongest parts, a line each: what stands there, its bytes, its weight, a bar."""
    several = len(explanation.texts) > 1
    rows = [
        [
            decoded(explanation.texts[part.whose][part.start : part.end]),
            *([("text", "text_b")[part.whose]] if several else []),
            f"{part.start}:{part.end}",
            f"{part.weight:+.4f}",
        ]
        for part in explanation.strongest(SHOWN)
    ]
    headings = ["part", *(["of"] if several else []), "bytes", "weight"]
    head, *lines = aligned(headings, rows).splitlines()
    bars = [_bar(explanation, part) for part in explanation.strongest(SHOWN)]
    return "\n".join([head, *(f"{line}  {bar}" for line, bar in zip(lines, bars, strict=True))])


def remarks(explanation: Explanation) -> Iterator[str]:
    """Yield what should be known of the weights, a line each."""
    yield f"weights: {explanation.unit}"
    if explanation.change is not None and explanation.missing is not None:
        yield (
            f"all words together: {explanation.change:+.4f}, of which the weights leave "
            f"{explanation.missing:+.4f} unsaid"
        )
    yield from explanation.notes


def _bar(explanation: Explanation, part: Part) -> str:
    sign = "+" if part.weight > 0 else "-"
    return sign * round(BAR * abs(part.weight) / explanation.scale)


def _colored(explanation: Explanation, whose: int) -> Text:
    from rich.text import Text

    text = Text()
    for data, weight in explanation.pieces(whose):
        share = 0.0 if weight is None else weight / explanation.scale
        if abs(share) < LEAST:
            text.append(decoded(data))
            continue
        red, green, blue = (round(x * (0.35 + 0.65 * abs(share))) for x in _color(share))
        text.append(decoded(data), style=f"white on rgb({red},{green},{blue})")
    return text


def _color(share: float) -> tuple[int, int, int]:
    return FOR if share > 0 else AGAINST
