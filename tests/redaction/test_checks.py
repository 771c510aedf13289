"""What the exact checks take, leave and cut."""

import pytest

from edgetext.data.example import Span
from edgetext.redaction.checks import checked
from edgetext.redaction.numbers import addresses, cards, ibans, lone_addresses

LABELS = ("PERSON", "CARD", "IBAN", "IP", "PHONE", "EMAIL", "URL", "MAC")
CARD = "4242 4242 4242 4242"
IBAN = "DE89 3704 0044 0532 0130 00"


def words(text, places):
    return [text.encode()[start:end].decode() for start, end in places]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"card {CARD}, thanks", [CARD]),
        (f"12 {CARD} 7", [CARD]),
        (f"{CARD} 1234", []),  # a part of a longer number
        (f"{CARD} {CARD}", []),
        ("x4242424242424242", []),
        ("4242424242424242 378282246310005", ["4242424242424242", "378282246310005"]),
        ("4242 4242 4242 4241", []),  # the check digit is wrong
        ("4242-4242 4242-4242", []),  # as nobody prints it
        ("9242 4242 4242 4242 and 1234 5678 1234 5670", []),  # of no network
        ("5555555555554444555", []),
        ("3782 822463 10005", ["3782 822463 10005"]),
    ],
)
def test_cards_are_found_by_network_groups_and_check_digit(text, numbers):
    assert words(text, cards(text.encode())) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"to {IBAN}.", [IBAN]),
        (f"{IBAN} Passeport 44HZ11702", [IBAN]),
        ("DE89370400440532013000", ["DE89370400440532013000"]),
        ("DE89370400440532013001", []),
        ("DE893704004405320130001", []),  # longer than Germany's are
        ("ZZ89 3704 0044 0532 0130 00", []),
    ],
)
def test_ibans_are_as_long_as_their_country_has_them(text, numbers):
    assert words(text, ibans(text.encode())) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("from 192.0.2.1:8080", ["192.0.2.1"]),
        ("2001:db8::1.", ["2001:db8::1"]),
        ("at 12:30, 1.2.3.400", []),
    ],
)
def test_addresses_end_before_port_and_full_stop(text, numbers):
    assert words(text, addresses(text.encode())) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("src:192.0.2.1 and 10.0.0.0/24", ["192.0.2.1", "10.0.0.0/24"]),
        ("addr:fe80::1a2b", ["fe80::1a2b"]),
        ("v10.0.0.1, section 1.2.3.4, std::cout, d::c", []),
    ],
)
def test_addresses_that_are_such_by_themselves(text, numbers):
    assert words(text, lone_addresses(text.encode())) == numbers


def spans_of(text, *tagged):
    data = text.encode()
    begins = [(label, data.index(part.encode()), len(part.encode())) for label, part in tagged]
    spans = [Span(label, begin, begin + size, data) for label, begin, size in begins]
    return [(s.label, s.text) for s in checked(spans, data, LABELS)]


def test_what_fails_goes_and_what_passes_stays():
    assert spans_of(f"pay {CARD}", ("CARD", CARD)) == [("CARD", CARD)]
    assert spans_of("order 4242 4242 4242 4241", ("CARD", "4242 4242 4242 4241")) == []
    assert spans_of("to DE00 3704 0044", ("IBAN", "DE00 3704 0044")) == []
    assert spans_of("v 1.2.3.400 of Anna", ("IP", "1.2.3.400"), ("PERSON", "Anna")) == [
        ("PERSON", "Anna")
    ]


def test_a_span_shrinks_to_what_passes():
    assert spans_of(f"é {CARD} 12", ("CARD", f"{CARD} 12")) == [("CARD", CARD)]
    assert spans_of("192.0.2.7:80", ("IP", "192.0.2.7:80")) == [("IP", "192.0.2.7")]


def test_what_was_missed_or_cut_short_is_taken():
    assert spans_of(f"pay {CARD} to {IBAN}") == [("CARD", CARD), ("IBAN", IBAN)]
    assert spans_of(f"pay {CARD}", ("PHONE", "4242 4242")) == [("CARD", CARD)]
    assert spans_of(f"An {CARD}", ("PERSON", "An 4242")) == [("PERSON", "An"), ("CARD", CARD)]


def test_what_another_span_covers_stays_its():
    text = "see x/4242424242424242/y"
    assert spans_of(text, ("PERSON", "x/4242424242424242/y")) == [
        ("PERSON", "x/4242424242424242/y")
    ]


def test_a_model_without_such_labels_is_left_alone():
    assert checked([], CARD.encode(), ("city", "day")) == []


def test_what_its_form_tells_takes_the_place_of_other_spans():
    mail = "anna@mail.example.org"
    assert spans_of(f"an {mail} 12") == [("EMAIL", mail)]
    assert spans_of(f"an {mail}", ("PERSON", "anna")) == [("EMAIL", mail)]
    assert spans_of(f"an {mail} ok", ("EMAIL", f"{mail} ok")) == [("EMAIL", mail)]
    url = "http://192.0.2.1/anna@mail.example.org"
    assert spans_of(f"see {url}.") == [("URL", url)]


def test_spans_that_cannot_be_what_they_are_called_go():
    assert spans_of("an answer", ("EMAIL", "answer")) == []
    assert spans_of("a link", ("URL", "link")) == []
