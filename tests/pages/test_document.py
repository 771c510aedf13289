"""A whole page."""

from edgetext.pages.document import document


def test_a_title_is_text_and_a_body_is_html():
    html = document("a < b", "<h1>x</h1>", ".y { color: red }", "let z = 1;")
    assert "<title>a &lt; b</title>" in html and "<h1>x</h1>" in html
    assert html.index(".y { color: red }") < html.index("<body>") < html.index("let z = 1;")
