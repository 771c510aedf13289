"""What `edgetext redact` makes of the spans of a model, as vectors for hosts in other languages."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from edgetext.data.example import Span
from edgetext.redaction.checks import checked

LABELS = ("PERSON", "ADDRESS", "DATE_OF_BIRTH", "USERNAME", "PHONE", "KEY", "TAX_ID")
# A text and the spans of a model, each a label and its words.
CASES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Grazie Radu! Frau Müller, ¿está la señora del Río Gil? Hola Señora Gil, hello World!", ()),
    ("Yours faithfully, Ann Upton, 07700; kind regards, Google", ()),
    ("Mr da Costa met Mrs Upton", (("PERSON", "Costa"), ("USERNAME", "Upton"))),
    (
        "🎧 zu Martin in Bonn, bij Theo van der Velde",
        (("PERSON", "Martin"), ("PERSON", "van der Velde")),
    ),
    ("Jelle de Graaf is er, Ik ben Anna en", (("PERSON", "Jelle"), ("PERSON", "Ik ben Anna"))),
    ("ci manchi, Nora. Enrico e", (("PERSON", "Nora. Enrico"),)),
    ("by Anna Koch, Roth GmbH and Lloyd's", (("PERSON", "Anna Koch, Roth"), ("PERSON", "Lloyd's"))),
    ("by Koch, Anna, Roth (Acme)", (("PERSON", "Koch, Anna, Roth (Acme"),)),
    ("¿Mireia? „Jörg Ößler“ – Ángel –", (("PERSON", "Mireia"), ("PERSON", "Ößler"))),
    ("Anna Koch\tCity: Bonn", (("PERSON", "Anna Koch\tCity"),)),
    ("田中さん Smith", (("PERSON", "田中さん Smith"),)),
    ("an Acme, Ringstraße 5, 40121 Bonn am", (("ADDRESS", "Acme, Ringstraße 5, 40121"),)),
    ("am Ring 1, 65383 Halle (Saale) nicht", (("ADDRESS", "65383 Halle (Saale"),)),
    ("op Laan 5 te Katwijk aan Zee in", (("ADDRESS", "Laan 5 te Katwijk"),)),
    ("Standort:Goethestraße 47, Berlin", (("ADDRESS", "Standort:Goethestraße 47"),)),
    ("born 9 août 1996 or 1996-08-09.", (("DATE_OF_BIRTH", "9 août"), ("DATE_OF_BIRTH", "08-09"))),
    ("el (629575301); (11) 9555-0123", (("PHONE", "(629575301)"), ("PHONE", "11) 9555"))),
    (
        "(+49 (0)69 90009083) Hans Roth von Hotel",
        (("PHONE", "(+49 (0)69 90009083)"), ("PERSON", "Hans Roth")),
    ),
    ('{"user":"anna.k"} login=ben Benutzername: jörg Last login: June 9', ()),
    ("as anna_koch, wget --password=Hunter#siY9", (("USERNAME", "anna"), ("KEY", "--password=Hu"))),
    ("CF DG 09 76 86 A", (("TAX_ID", "DG 09 76"), ("TAX_ID", "A"))),
)


def redacted() -> list[dict[str, Any]]:
    """Give a vector for each case; offsets are those of UTF-16."""
    return [
        {
            "kind": "redacted",
            "name": text,
            "text": text,
            "labels": list(LABELS),
            **_answer(text, spans),
        }
        for text, spans in CASES
    ]


def _answer(text: str, marked: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    data, at = text.encode(), 0
    units = [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]
    asked, spans = [], []
    for label, words in marked:
        at = text.index(words, at)
        end = at + len(words)
        asked.append({"label": label, "start": units[at], "end": units[end]})
        spans.append(Span(label, len(text[:at].encode()), len(text[:end].encode()), data))
        at = end
    clean, done = "", 0
    for span in checked(spans, data, LABELS):
        clean += f"{data[done : span.start].decode()}<{span.label}>"
        done = span.end
    return {"spans": asked, "expected": {"redacted": clean + data[done:].decode()}}
