"""Where an address begins and ends: behind a company or the word for one, and with a whole town."""

from __future__ import annotations

import re

from edgetext.data.example import Span

# What is named before an address: the word for one, or a company and a comma.
_FIELD = re.compile(
    "(?:address|adresse|anschrift|wohnung|dirección|domicilio|indirizzo|adres|endereço)[:,]? "
    "".encode(),
    re.IGNORECASE,
)
_COMPANY = re.compile(
    rb"[^\d,]+, (?=\d+ [A-Z][a-z]+ [A-Z]|(?:Flat|Apt|Unit) \d"
    rb"|(?:[A-Z]{1,2}-)?\d{4,5} (?:[A-Z]|\xc3)|[A-Z\x80-\xff][a-z\x80-\xff][^\d,]* \d)"
)
_STREET = re.compile(
    (
        r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|straat|laan|plein|gracht|kade"
        r"|\b(?:street|road|lane|avenue|drive|rue|boulevard|place|calle|avda?|avenida|paseo|plaza"
        r"|vía|ronda|via|viale|corso|piazza|p\.zza|largo|vicolo|rua|praça|alameda|travessa|av))\b"
    ).encode(),
    re.IGNORECASE,
)
# A number or a code and a full stop, which ends the sentence; and what goes on after an address.
_STOP = re.compile(rb"(?<=[0-9A-Z]{2})\.\Z| (?:since|seit|ab|depuis|desde|dal|sinds)(?: \d+)?\Z")
# A postcode before a town, but not an American one, which ends an address.
_POSTCODE = re.compile(rb"(?:(?<![0-9A-Za-z])\d{4,5}|(?<![0-9A-Za-z])\d{4} ?[A-Z]{2})\Z")
_STATE = re.compile(rb"[A-Z]{2} [\d\-]+\Z")
_TOWN = re.compile(rb" (?:[A-Z]|\xc3[\x80-\x9e]|'s-)[A-Za-z\x80-\xff\-]{2,}")
# Of the names of towns what their first words need, and what follows their last.
_TWO_WORDS = re.compile(rb"(?:Bad|Sankt|San|Santa|Reggio|Den|Porto|Vila|New) ?\Z")
_RIVER = re.compile(rb" (?:aan (?:Zee|den Rijn|de Maas)|am (?:Main|Rhein|Neckar|See))(?![A-Za-z])")


def whole_address(span: Span, data: bytes, limit: int) -> Span:
    """Give the span of an address without what is named before it and with its whole town, which
    ends at `limit` at the latest."""
    start, end = span.start, span.end
    if field := _FIELD.match(data, start, end):
        start = field.end()
    if (company := _COMPANY.match(data, start, end)) and not _STREET.search(company[0]):
        start = company.end()
    if stop := _STOP.search(data, start, end):
        end = stop.start()
    words = data[start:end]
    if _POSTCODE.search(words) and not _STATE.search(words):
        end = _with(_TOWN, data, end, limit)
    if _TWO_WORDS.search(data, start, end):
        end = _with(_TOWN, data, end, limit)
    end = _with(_RIVER, data, end, limit)
    return span if (start, end) == (span.start, span.end) else Span(span.label, start, end, data)


def _with(after: re.Pattern[bytes], data: bytes, end: int, limit: int) -> int:
    match = after.match(data, end)
    return match.end() if match and match.end() <= limit else end
