"""What is known by its form, whatever stands around it: addresses, hardware, secrets, tax numbers.

Each function yields places, pairs of the first byte and the byte after the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgetext.core.tax_numbers import is_codice_fiscale, is_cpf, is_dni, is_numero_fiscal

Place = tuple[int, int]

_EMAIL = re.compile(
    rb"(?<![\w.%+\-\x80-\xff])[\w%+\x80-\xff](?:[\w.%+\-\x80-\xff]{0,62}[\w%+\-\x80-\xff])?"
    rb"@(?:[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\-\x80-\xff]{0,61}[A-Za-z0-9\x80-\xff])?\.)+"
    rb"[A-Za-z\x80-\xff]{2,24}(?![A-Za-z0-9\x80-\xff]|[\-_][A-Za-z0-9]|\.[A-Za-z0-9])"
)
_URL = re.compile(
    rb"(?<![A-Za-z0-9])(?:(?:https?|ftp|wss?|ssh|git)://|www\.(?=[A-Za-z0-9\x80-\xff]))"
    rb"[^\s<>\"'`{}|\\^\[\]]+",
    re.IGNORECASE,
)
# What ends a sentence or a bracket around an address, and is none of it; a mark as HTML writes it.
_AFTER_URL = re.compile(rb"(?:[.,;:!?)*]|&(?:gt|lt|quot|amp|#\d+);?)+$")
_PAIRS = re.compile(
    rb"[0-9A-Fa-f][0-9A-Fa-f](?<![0-9A-Za-z]..)(?:"
    rb"([:\-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2})+(?![0-9A-Za-z])"
    rb"|[0-9A-Fa-f]{2}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z]|\.[0-9A-Za-z]))",
    re.DOTALL,
)
_PAIRS_LENGTHS = {14, 17, 23}  # of 48 bits in three groups or six, and of 64 bits
# What begins with a set of bytes, and looks behind and on from the first, is looked for in a third
# of the time of what looks behind before that.
# Begins that the makers of keys gave them so that they are found, and tokens of JSON (RFC 7519).
_SECRET = re.compile(
    rb"[Aeghnprsx](?<![0-9A-Za-z_].)(?:"
    rb"(?<=[spr])k_(?:test|live)_[0-9A-Za-z]{10,}"
    rb"|(?:(?<=g)(?:h[opsur]_|ithub_pat_|lpat-)|(?<=n)pm_|(?<=h)f_)[0-9A-Za-z_\-]{16,}"
    rb"|(?<=A)(?:(?:KI|SI)A[0-9A-Z]{16}|Iza[0-9A-Za-z_\-]{35})"
    rb"|(?<=x)ox[abeoprs]-[0-9A-Za-z\-]{10,}"
    rb"|(?<=e)yJ[0-9A-Za-z_\-]{8,}\.eyJ[0-9A-Za-z_\-]{8,}\.[0-9A-Za-z_\-]{8,}"
    rb")(?![0-9A-Za-z_])",
    re.DOTALL,
)
# One of these is in each of them.
_SECRET_HINT = re.compile(rb"_|-|J|AKIA|ASIA|AIza")
_TAX = re.compile(
    rb"[0-9A-Z](?<![0-9A-Za-z.\-].)(?:"
    rb"(?<=[A-Z])[A-Z]{5}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]"  # Italy's codice fiscale
    rb"|(?<=\d)\d\d\.\d{3}\.\d{3}-\d\d"  # Brazil's CPF
    rb"|(?<=[0-9XYZ])\d{7}-?[A-Z]"  # Spain's DNI and NIE
    rb"|(?<=\d)\d ?\d\d ?\d{3} ?\d{3} ?\d{3}"  # France's SPI
    rb")(?![0-9A-Za-z])",
    re.DOTALL,
)
_TAX_CHECKS = (is_codice_fiscale, is_cpf, is_dni, is_numero_fiscal)


def emails(data: bytes) -> Iterator[Place]:
    """Yield where the e-mail addresses of a text are."""
    if b"@" in data:
        for match in _EMAIL.finditer(data):
            yield match.span()


def urls(data: bytes) -> Iterator[Place]:
    """Yield where the URLs of a text are: with a scheme of the web, or from `www.` on."""
    if b"://" not in data and b"www." not in data.lower():
        return
    for match in _URL.finditer(data):
        end = _AFTER_URL.search(match[0])
        if end is None or end.start() > match[0].find(b"//") + 2:
            yield match.start(), match.end() if end is None else match.start() + end.start()


def hardware(data: bytes) -> Iterator[Place]:
    """Yield where hardware addresses (MAC, EUI-48 and EUI-64) are."""
    if not any(data.count(mark) >= least for mark, least in ((b":", 5), (b"-", 5), (b".", 2))):
        return
    for match in _PAIRS.finditer(data):
        if match.end() - match.start() in _PAIRS_LENGTHS:
            yield match.span()


def secrets(data: bytes) -> Iterator[Place]:
    """Yield where keys are that begin as their makers let them, and signed tokens of JSON."""
    if _SECRET_HINT.search(data):
        for match in _SECRET.finditer(data):
            yield match.span()


def tax_numbers(data: bytes) -> Iterator[Place]:
    """Yield where tax numbers are whose check digits prove them: of Brazil, France, Italy, Spain.

    Not those of which one number in eleven or more has right ones by chance.
    """
    for match in _TAX.finditer(data):
        text = match[0].decode("ascii")
        if any(check(text) for check in _TAX_CHECKS):
            yield match.span()
