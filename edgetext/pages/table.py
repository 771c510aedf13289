"""Tables of a page that needs no network, and the style and script that all pages have."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources


def style() -> str:
    """Read the style sheet of all pages."""
    return resources.files("edgetext.pages").joinpath("style.css").read_text("utf-8")


def sorting() -> str:
    """Read the script that sorts a table by the column whose heading is clicked."""
    return resources.files("edgetext.pages").joinpath("sort.js").read_text("utf-8")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A sortable table; cells are HTML, and sort by their text."""
    head = "".join(f"<th scope=col><button>{escape(name)}</button></th>" for name in headings)
    body = "".join(
        "<tr>" + "".join(f'<td data-value="{escape(_value(x))}">{x}</td>' for x in row) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide" tabindex="0"><table class="sortable"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _value(cell: str) -> str:
    """What a cell sorts by: its first number without commas, else its text."""
    text = cell.rpartition("</b>")[2].rpartition("</i>")[2].strip()
    number = text.replace(",", "").partition(" ")[0].partition("–")[0]
    try:
        return str(float(number))
    except ValueError:
        return text
