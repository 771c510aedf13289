"""Names of users that their field tells."""

import pytest

from edgetext.data.example import Span
from edgetext.redaction.checks import checked
from edgetext.redaction.fields import user_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("GET / user=anna_k ip=10.0.0.1", ["anna_k"]),
        ('{"user":"anna.k","login": "ben"}', ["anna.k", "ben"]),
        ("wget --user=anna-7 --password=x", ["anna-7"]),
        ("User name: anna7\tBenutzername: jörg", ["anna7", "jörg"]),
        ("Account name\tanna7; uid:ben", ["anna7", "ben"]),
        ("nome utente - anna7", ["anna7"]),
        # Numbers, addresses, what is longer, and dates are none.
        ("cache miss key=user:93 user=17 ttl=4", []),
        ("user=anna@example.org, login=a/b", []),
        ("Last login: June 9; superuser=x", []),
        ('"user":"Anna Koch"', []),
    ],
)
def test_a_field_tells_the_name_of_a_user(text, names):
    data = text.encode()
    assert [data[start:end].decode() for start, end in user_names(data)] == names


def test_it_takes_the_place_of_what_lies_in_it_where_the_model_knows_users():
    data = b"user=anna"
    spans = [Span("PERSON", 5, 9, data)]
    assert checked(spans, data, ("PERSON", "USERNAME")) == [Span("USERNAME", 5, 9)]
    assert checked(spans, data, ("PERSON",)) == spans
