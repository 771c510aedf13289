"""spaCy's files."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.docbin import is_docbin
from edgetext.data.guess import Guess, guess
from edgetext.starter.starter import starter_of

spacy = pytest.importorskip("spacy")


@pytest.fixture
def bins(tmp_path):
    """bins([(text, entities, categories), …]) -> path of a file; entities are (first token, token
    after the last, label)."""
    from spacy.tokens import DocBin, Span

    blank = spacy.blank("xx")

    def bins(documents, name="d.spacy", group=None, user_data=None):
        made = DocBin(store_user_data=user_data is not None)
        for text, entities, categories in documents:
            doc = blank(text)
            spans = [Span(doc, *entity) for entity in entities]
            if group is None:
                doc.ents = spans
            else:
                doc.spans[group] = spans
            doc.cats = categories
            doc.user_data = user_data or {}
            made.add(doc)
        made.to_disk(tmp_path / name)
        return tmp_path / name

    return bins


def test_entities_and_the_category(bins, read):
    path = bins(
        [
            (" Regen in Zürich heute ", [(3, 4, "city")], {"weather": 1.0, "music": 0.0}),
            ("no wind  here", [], {"weather": 0.9, "music": 0.1}),
        ],
        user_data={"note": 1},
    )
    assert guess(path) == starter_of("joint").guess(path) == Guess("docbin")
    first, second = read("docbin", path)
    assert (first.text, first.intent) == ("Regen in Zürich heute", "weather")
    assert first.source == f"{path}:1"
    (city,) = first.spans
    assert (city.label, first.text.encode()[city.start : city.end]) == ("city", "Zürich".encode())
    assert (second.text, second.spans) == ("no wind  here", ())


def test_a_group_of_spans_and_several_categories(bins, read):
    rain = ("rain in Oslo", [(0, 3, "all")], {"a": 1.0, "b": 0.5})
    path = bins([rain, ("go", [], {"a": 0, "b": 0})], group="sc")
    first, second = read("docbin", path, spans="sc")
    assert [(s.label, s.start, s.end) for s in first.spans] == [("all", 0, 12)]
    assert (first.intents, second.intents) == (("a", "b"), ())
    assert read("docbin", path)[0].spans == ()
    with pytest.raises(EdgetextError, match=r"d\.spacy:1: .* group of spans 'sp'; it has sc"):
        read("docbin", path, spans="sp")


def test_documents_without_categories_are_tagged(bins, read):
    path = bins([("rain in Oslo", [(2, 3, "city")], {})])
    assert read("docbin", path)[0].intents is None


def test_other_files_and_damaged_ones(bins, read, write):
    other = write("d.txt", b"text\tlabel\n")
    assert not is_docbin(other) and not is_docbin(other.parent)
    with pytest.raises(EdgetextError, match="not a file that spaCy's DocBin"):
        read("docbin", other)
    path = bins([("rain in Oslo", [], {})])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(EdgetextError, match="this file is damaged"):
        read("docbin", path)
