"""An explanation as a page that needs no network."""

from __future__ import annotations

from html import escape

from edgetext.data.text_range import decoded
from edgetext.interpretation.explanation import Explanation
from edgetext.interpretation.screen import AGAINST, FOR, LEAST, remarks
from edgetext.pages.document import document
from edgetext.pages.table import table

STYLE = """
.given { font-size: 20px; line-height: 1.9; white-space: pre-wrap; overflow-wrap: anywhere; }
.given mark { color: inherit; border-radius: 3px; padding: 2px 0; }
"""


def page(explanation: Explanation) -> str:
    """Write one HTML document: the texts with each part's background, and a table of all parts."""
    title = f"Why {explanation.goal.words}"
    last = explanation.texts[-1]
    texts = "".join(
        f'<p class="given">{_marked(explanation, whose)}</p>'
        for whose in range(len(explanation.texts))
    )
    notes = "".join(f'<p class="soft">{escape(line)}</p>' for line in remarks(explanation))
    body = (
        f"<h1>{escape(title)}</h1>"
        f'<p class="soft">{escape(explanation.model)}, by {escape(explanation.method)}. Answer: '
        f"{escape(explanation.answer.as_line(last))}</p>"
        f'{texts}<p class="soft"><mark style="background:{_background(1)}">for</mark> '
        f'<mark style="background:{_background(-1)}">against</mark></p>'
        f"<h2>Parts</h2>{_table(explanation)}{notes}"
    )
    return document(title, body, STYLE)


def _marked(explanation: Explanation, whose: int) -> str:
    marks = []
    for data, weight in explanation.pieces(whose):
        words = escape(decoded(data))
        share = 0.0 if weight is None else weight / explanation.scale
        if weight is None or abs(share) < LEAST:
            marks.append(words)
        else:
            style = f"background:{_background(share)}"
            marks.append(f'<mark style="{style}" title="{weight:+.4f}">{words}</mark>')
    return "".join(marks)


def _background(share: float) -> str:
    red, green, blue = FOR if share > 0 else AGAINST
    return f"rgba({red},{green},{blue},{abs(share) * 0.6:.2f})"


def _table(explanation: Explanation) -> str:
    several = len(explanation.texts) > 1
    headings = ["part", *(["of"] if several else []), "begins", "ends", "weight"]
    rows = [
        [
            escape(decoded(explanation.texts[part.whose][part.start : part.end])),
            *([("text", "text_b")[part.whose]] if several else []),
            str(part.start),
            str(part.end),
            f"{part.weight:+.4f}",
        ]
        for part in explanation.strongest(len(explanation.parts))
    ]
    return table(headings, rows)
