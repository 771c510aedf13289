"""Spans begin and end at whole runs, without the marks around, in one column."""

import pytest

from edgetext.data.example import Span
from edgetext.redaction.runs import whole_runs


def runs(text, *tagged):
    data = text.encode()
    spans = []
    for label, part in tagged:
        at = data.index(part.encode())
        spans.append(Span(label, at, at + len(part.encode()), data))
    return [(s.label, s.text) for s in whole_runs(spans, data)]


@pytest.mark.parametrize(
    ("text", "label", "part", "whole"),
    [
        ("as anna_koch.", "USERNAME", "anna", "anna_koch"),
        ("as anna_koch.", "USERNAME", "koch", "anna_koch"),
        ("user=jörg-7, now", "USERNAME", "7", "jörg-7"),
        ("sunny logged in", "USERNAME", "sunny logged", "sunny"),
        ("key aB3/x+Y=, ok", "KEY", "aB3", "aB3/x+Y="),
        ('login="star1593" ok', "USERNAME", 'star1593"', "star1593"),
        ("wget --password=Hunter#siY", "KEY", "--password=Hunter#siY", "Hunter#siY"),
        ("passport L79441426", "PASSPORT", "79441426", "L79441426"),
        ("Anna Koch\tCity: Bonn", "PERSON", "Anna Koch\tCity", "Anna Koch"),
        ("Anna Koch  x", "PERSON", "Anna Koch  x", "Anna Koch"),
        ("it is Anna Koch-Maier.", "PERSON", "Anna Koch", "Anna Koch-Maier"),
        ("Gruß, O'Brien's", "PERSON", ", O", "O"),
        ("to O'Brien's", "PERSON", "Brien", "O'Brien"),
        ("born 1996-08-09.", "DATE_OF_BIRTH", "08", "1996-08-09"),
        ("call (11) 9555-0123, ok", "PHONE", "11) 9555", "(11) 9555-0123"),
        ("at Via Roma 5, Bari;", "ADDRESS", "Roma 5, Bari;", "Roma 5, Bari"),
        ("CF 111.444.777-35.", "TAX_ID", "444.777", "111.444.777-35"),
        (
            "am Ring 1, 65383 Halle (Saale) nicht",
            "ADDRESS",
            "65383 Halle (Saale",
            "65383 Halle (Saale)",
        ),
        ("el (629575301); vin", "PHONE", "(629575301)", "629575301"),
        ("Benutzer (+49 (0)69 90009083)", "PHONE", "(+49 (0)69 90009083)", "+49 (0)69 90009083"),
        ("call (11) 9555 (0123)", "PHONE", "(11) 9555 (0123)", "(11) 9555 (0123)"),
        ("¿Mireia? se fue", "PERSON", "Mireia", "Mireia"),
        ("„Jörg Ößler“ sagt", "PERSON", "Ößler", "Ößler"),
        ("– Ángel –", "PERSON", "– Ángel –", "Ángel"),
        ("a b", "day", "a b", "a b"),
    ],
)
def test_a_span_is_its_run(text, label, part, whole):
    assert runs(text, (label, part)) == [(label, whole)]


def test_a_run_does_not_grow_into_the_span_before():
    spans = ("PERSON", "anna"), ("USERNAME", "koch")
    assert runs("anna.koch", *spans) == [("PERSON", "anna"), ("USERNAME", ".koch")]


@pytest.mark.parametrize(
    ("text", "label", "parts", "whole"),
    [
        ("it is Anna Koch", "PERSON", ("Anna", "Koch"), ["Anna Koch"]),
        ("Anna, Ben and Cem", "PERSON", ("Anna", "Ben", "Cem"), ["Anna", "Ben", "Cem"]),
        ("Via Roma 5, 40121 Bari", "ADDRESS", ("Via Roma", "5", "40121 Bari"), None),
        ("on 18.03.1987 then", "DATE_OF_BIRTH", ("18.03", "1987"), ["18.03.1987"]),
        ("no DG 09 76 86 A", "TAX_ID", ("DG 09 76", "A"), ["DG 09 76 86 A"]),
        ("a b", "day", ("a", "b"), ["a", "b"]),
    ],
)
def test_what_a_model_parted_is_one_where_a_value_goes_on(text, label, parts, whole):
    assert runs(text, *((label, part) for part in parts)) == [
        (label, words) for words in whole or [text]
    ]


def test_a_field_is_no_part_of_its_value_and_a_town_is_one_of_its_address():
    def found(text, words, label="ADDRESS"):
        data = text.encode()
        start = data.index(words.encode())
        (span,) = whole_runs([Span(label, start, start + len(words.encode()))], data)
        return data[span.start : span.end].decode()

    assert (
        found("Standort:Goethestraße 47, Berlin", "Standort:Goethestraße 47") == "Goethestraße 47"
    )
    assert found("run_as=Queengeek", "run_as=Queengeek", "PERSON") == "Queengeek"
    assert found("key a=b==", "a=b==", "KEY") == "a=b=="
    assert found("73, 7334 AU Eindhoven en", "73, 7334 AU") == "73, 7334 AU Eindhoven"
    assert found("irá a 17373 Cuenca el", "17373") == "17373 Cuenca"
    assert found("Austin, TX 51174 Thanks", "Austin, TX 51174") == "Austin, TX 51174"
