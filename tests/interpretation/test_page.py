"""An explanation in a terminal and as a page."""

import re

from edgetext.interpretation.explain import explain
from edgetext.interpretation.page import page
from edgetext.interpretation.screen import show, table

TEXT = "is it <b>cold</b> in Zürich tomorrow?"


def test_a_page_has_all_it_needs_and_no_markup_of_the_text(predictors):
    explanation = explain(predictors["int8"].onnx, [TEXT])
    html = page(explanation)
    assert "<b>cold" not in html and "Zürich" in html
    assert not re.search(r"(src|href)=.?(https?:|//)", html)
    assert html.count('<mark style="background:rgba(') >= 2
    # Every part has a row, beside that of the headings.
    assert html.count("<tr>") == 1 + len(explanation.parts)


def test_a_terminal_shows_the_text_and_the_strongest(predictors, capsys):
    explanation = explain(predictors["int8"].onnx, [TEXT])
    show(explanation)
    out = capsys.readouterr().out
    assert TEXT in out and "why weather, by occlusion" in out
    first = table(explanation).splitlines()[1]
    assert first.endswith("+" * 20) and first in out
    # Nothing but what colors are switched on for.
    assert "\x1b" not in out
