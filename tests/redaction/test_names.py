"""Names from capital to capital, and those that a form of address tells."""

import pytest

from edgetext.data.example import Span
from edgetext.redaction.checks import checked
from edgetext.redaction.names import titled, whole_names


def span(text, words, label="PERSON"):
    start = text.encode().index(words.encode())
    return Span(label, start, start + len(words.encode()))


def found(text, *words):
    data = text.encode()
    return [
        data[s.start : s.end].decode()
        for s in whole_names([span(text, each) for each in words], data)
    ]


@pytest.mark.parametrize(
    ("text", "marked", "name"),
    [
        ("call Mr Perry now", "Mr Perry", "Perry"),
        ("can I talk to Mr King please?", "King please", "King"),
        ("ma sœur Virginie arrive", "sœur Virginie", "Virginie"),
        ("Grazie Radu! a dopo", "Grazie Radu", "Radu"),
        ("ten name van Emma de Ruiter.", "Emma de", "Emma de Ruiter"),
        ("Jan van der Berg komt", "Jan", "Jan van der Berg"),
        ("Van: Sara de Haan (x)", "de Haan", "Sara de Haan"),
        ("Inhaber Wanjiku Andreas Nowak!", "Wanjiku Andreas", "Wanjiku Andreas Nowak"),
        ("visto a Álvaro Ñíguez hoy", "Álvaro", "Álvaro Ñíguez"),
        # A name that ends like a small word, as Martin in "in", is none.
        ("zu Martin in Bonn", "Martin", "Martin"),
        ("mit Hans Roth von Hotel Brink", "Hans Roth", "Hans Roth"),
        ("Nora van Beek van daar", "Nora van Beek van", "Nora van Beek"),
        ("is it Lloyd's turn?", "Lloyd's", "Lloyd"),
        ("who asked Irene? me", "Irene?", "Irene"),
        ("Zoals Cees zei", "Zoals Cees", "Cees"),
        ("Ik ben Anna en", "Ik ben Anna", "Anna"),
        ("bij Theo van der Velde thuis", "Theo van der Velde", "Theo van der Velde"),
        ("meine Schwester Nora singt", "Nora", "Nora"),
        ("it is Nora Peck van Köhler.", "Nora Peck", "Nora Peck"),
        # The company behind a name and a comma is none of it.
        ("by Anna Koch, Roth GmbH", "Anna Koch, Roth", "Anna Koch"),
        # Neither a line nor a mark is gone over, nor an address of a machine.
        ("Anna\nBob", "Anna", "Anna"),
        ("Anna, Bob", "Anna", "Anna"),
        ("ask Anna Koch@host", "Anna", "Anna"),
        # In a text without capitals a name has none, and other scripts have none at all.
        ("ask anna koch please", "anna koch", "anna koch"),
        ("田中さん Smith", "田中さん Smith", "田中さん Smith"),
        (
            "\u0430\u043d\u043d\u0430 Smith",
            "\u0430\u043d\u043d\u0430 Smith",
            "\u0430\u043d\u043d\u0430 Smith",
        ),
    ],
)
def test_a_name_goes_from_capital_to_capital(text, marked, name):
    assert found(text, marked) == [name]


def test_a_small_word_parts_two_names_and_what_stands_inside_of_names_joins():
    assert found("pas Margaux mais Denis", "Margaux mais Denis") == ["Margaux", "Denis"]
    assert found("Jelle de Graaf is er", "Jelle", "Graaf") == ["Jelle de Graaf"]
    assert found("Anna und Graaf", "Anna", "Graaf") == ["Anna", "Graaf"]


def test_a_sentence_a_second_comma_and_a_bracket_end_a_name():
    assert found("ci manchi, Nora. Enrico e", "Nora. Enrico") == ["Nora", "Enrico"]
    assert found("by Koch, Anna, Roth", "Koch, Anna, Roth") == ["Koch, Anna", "Roth"]
    assert found("Gruß, Klara (Acme)", "Klara (Acme") == ["Klara", "Acme"]


def test_a_company_is_no_person():
    assert found("at Koch GmbH now", "Koch") == []
    assert found("so Nora Koch disse. Grupo Roth", "Nora Koch") == ["Nora Koch"]
    assert found("MEMBER: Nora Koch / Bank details", "Nora Koch") == ["Nora Koch"]


def test_words_that_begin_messages_are_no_names():
    assert found("Hi there", "Hi") == []
    assert found("Will is here", "Will") == ["Will"]


def test_a_name_stops_before_the_span_behind_it():
    data = b"Anna Main Street 5"
    person, street = Span("PERSON", 0, 4), Span("ADDRESS", 5, 18)
    assert whole_names([person, street], data) == [person, street]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ms Upton and Mr da Costa agreed", ["Upton", "da Costa"]),
        ("¿está la señora del Río Gil?", ["del Río Gil"]),
        ("Frau Müller, Herrn Özdemir", ["Müller", "Özdemir"]),
        ("Dear Dr. O'Neill-Smith,", ["O'Neill-Smith"]),
        ("grazie Radu! Hi Anna Koch,\nDear Customer, hello World!", ["Radu", "Anna Koch"]),
        ("Hola Señora Gil, merci Amazon Prime de tout", ["Gil"]),
        ("Yours faithfully, Ann Upton, 07700; kind regards, Google", ["Ann Upton"]),
        ("Mr is short, Mrs. too; xMr Bond, dr. who", []),
    ],
)
def test_a_form_of_address_tells_a_name(text, names):
    data = text.encode()
    assert [data[start:end].decode() for start, end in titled(data)] == names


def test_a_titled_name_is_taken_where_the_model_saw_none_or_a_part_of_it():
    text = "Mr da Costa met Mrs Upton at Dr Fox Street 5"
    spans = [
        span(text, "Costa"),
        span(text, "Upton", "USERNAME"),
        span(text, "Dr Fox Street 5", "ADDRESS"),
    ]
    answer = checked(spans, text.encode(), ("PERSON", "USERNAME", "ADDRESS"))
    assert [(s.label, s.text) for s in answer] == [
        ("PERSON", "da Costa"), ("PERSON", "Upton"), ("ADDRESS", "Dr Fox Street 5"),
    ]  # fmt: skip
    # A model without persons is given none.
    assert checked([], text.encode(), ("CARD",)) == []
