"""A whole page: its head, its style and what a body holds."""

from __future__ import annotations

from html import escape

from edgetext.pages.table import sorting, style


def document(title: str, body: str, more_style: str = "", script: str = "") -> str:
    """Write one self-contained HTML document whose tables can be sorted.

    title: text; body: HTML; more_style: CSS beside that of all pages; script:
    JavaScript behind that which sorts.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{style()}{more_style}</style></head><body>\n"
        f"{body}\n<script>{sorting()}{script}</script></body></html>\n"
    )
