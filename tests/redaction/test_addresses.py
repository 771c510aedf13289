"""Addresses without what is named before them, and with their whole towns."""

import pytest

from edgetext.data.example import Span
from edgetext.redaction.addresses import whole_address


@pytest.mark.parametrize(
    ("text", "marked", "address"),
    [
        ("an Acme, Ringstraße 5, 40121 Bonn", None, "Ringstraße 5, 40121 Bonn"),
        ("an Acme Group, 45 Hill View, Leeds LS1 4AB", None, "45 Hill View, Leeds LS1 4AB"),
        ("to Acme, Flat 2, 45 Hill View", None, "Flat 2, 45 Hill View"),
        ("an Acme, D-40121 Bonn", None, "D-40121 Bonn"),
        ("a Calle Larga, 35 Madrid", None, "Calle Larga, 35 Madrid"),
        ("in Austin, TX 51174", None, "Austin, TX 51174"),
        ("die Adresse Ring 5, Bonn", None, "Ring 5, Bonn"),
        ("at 5 Hill View, Leeds LS1 4AB.", None, "5 Hill View, Leeds LS1 4AB"),
        ("in Via Roma 5, 40121 Bari dal 13", None, "Via Roma 5, 40121 Bari"),
        ("am Ring 5, 61348 Bad Homburg zu", "Ring 5, 61348 Bad", "Ring 5, 61348 Bad Homburg"),
        ("op Laan 5 te Katwijk aan Zee", "Laan 5 te Katwijk", "Laan 5 te Katwijk aan Zee"),
        ("am Ring 5, Bonn am Montag", "Ring 5, Bonn", "Ring 5, Bonn"),
    ],
)
def test_an_address_is_whole_and_no_more(text, marked, address):
    data = text.encode()
    words = (marked or text.partition(" ")[2]).encode()
    start = data.index(words)
    span = whole_address(Span("ADDRESS", start, start + len(words)), data, len(data))
    assert data[span.start : span.end].decode() == address


def test_a_town_stops_before_the_span_behind_it():
    data = b"61348 Bad Homburg"
    span = Span("ADDRESS", 0, 9)
    assert whole_address(span, data, 9) == span
