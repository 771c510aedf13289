"""Companies that are named after persons, by the legal form behind their names."""

from __future__ import annotations

import re

# Legal forms, and what stands for those who joined a founder, in the languages of the built-in
# data set.
_LEGAL = (
    r"Ltd|Inc|LLC|PLC|plc|Corp|GmbH|AG|KG|OHG|UG|SE|SA|SARL|SAS|Ltda|S\.A\.|S\.L\.|S\.p\.A\.|S\.r\.l\."
    r"|B\.V\.|N\.V\.|e\.V\."
    r"|(?:&|and|und|et|y|e|en) (?:Co|Sons|Partners?|Söhne|Partner|Fils|Hijos|Figli|Zonen|Filhos)"
)
_COMPANY = re.compile(
    (r"(?:(?: [A-Z][0-9A-Za-z\-]*)? (?:" + _LEGAL + r")| (?:Group|Gruppe|Groep|Bank))").encode()
    + rb"(?![0-9A-Za-z])"
)
_NAMED = re.compile((r"\S (?:" + _LEGAL + r")\.?").encode() + rb"\Z")


def until_company(data: bytes, start: int, end: int) -> int:
    """Give where a name at these bytes ends that goes on as a company: at the comma before it, or
    at its start where all of it is the company's."""
    if not _COMPANY.match(data, end) and not _NAMED.search(data, start, end):
        return end
    comma = data.find(b",", start, end)
    return start if comma < 0 else comma
