"""What is found by its form alone, and where it ends."""

import pytest

from edgetext.redaction.forms import emails, hardware, secrets, tax_numbers, urls


def words(text, find):
    return [text.encode()[start:end].decode() for start, end in find(text.encode())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to anna.koch+x@mail.example.org.", ["anna.koch+x@mail.example.org"]),
        ("<a@b.example>; Cc: c_d@e-f.test", ["a@b.example", "c_d@e-f.test"]),
        ("&lt;jörg@bücher.example&gt;", ["jörg@bücher.example"]),
        ("root@192.0.2.1, @anna and a@b", []),
        ("", []),
    ],
)
def test_emails(text, found):
    assert words(text, emails) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://www.example.org/a?b=1&c=2.", ["https://www.example.org/a?b=1&c=2"]),
        ("(www.example.com/x), HTTP://EXAMPLE.ORG!!", ["www.example.com/x", "HTTP://EXAMPLE.ORG"]),
        ('"http://a.test/b&quot;;', ["http://a.test/b"]),
        ("http:// www. and xwww.a", []),
    ],
)
def test_urls_end_before_what_ends_the_sentence(text, found):
    assert words(text, urls) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MAC:02:00:5e:10:00:01 up", ["02:00:5e:10:00:01"]),
        ("0A-00-5E-10-00-01, 0200.5e10.0001", ["0A-00-5E-10-00-01", "0200.5e10.0001"]),
        ("at 10:20:30:40 or 2026-10-11 or 02:00-5e:10-00:01", []),
    ],
)
def test_hardware_addresses(text, found):
    assert words(text, hardware) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("key=sk_test_0123456789abcdef, ok", ["sk_test_0123456789abcdef"]),
        ("AKIAIOSFODNN7EXAMPLE.", ["AKIAIOSFODNN7EXAMPLE"]),
        ("sk_test_short and AKIAlower", []),
    ],
)
def test_secrets_that_begin_as_their_makers_let_them(text, found):
    assert words(text, secrets) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CF RSSMRA85T10A562S, DNI 12345678Z", ["RSSMRA85T10A562S", "12345678Z"]),
        ("CPF 111.444.777-35; 30 23 217 600 053", ["111.444.777-35", "30 23 217 600 053"]),
        ("12345678A, 111.444.777-34, RSSMRA85T10A562T, 3023217600054", []),
    ],
)
def test_tax_numbers_with_right_check_digits(text, found):
    assert words(text, tax_numbers) == found
