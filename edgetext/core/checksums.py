"""Exact checks of numbers that carry a proof in them: payment cards, IBANs and IP addresses."""

from __future__ import annotations

import ipaddress
import re
import string

_CARD_LENGTHS = range(12, 20)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# How long the IBANs of a country are (SWIFT's registry).
_REGISTRY = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22
    DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28
    HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25
    MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29
    RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29
    VA22 VG24 XK20 YE30
"""
_LENGTHS = {item[:2]: int(item[2:]) for item in _REGISTRY.split()}
_BETWEEN = re.compile(r"[ \u00a0\-.]")
_BLANKS = re.compile(r"\s")
# Of the bytes of digits their values, and of values what they count twice.
_VALUES = bytes(max(0, n - 48) % 10 for n in range(256))
_TWICE = bytes(sum(divmod(2 * (n % 10), 10)) for n in range(256))
_NUMBERS = {
    character: str(int(character, 36)) for character in string.digits + string.ascii_uppercase
}


def luhn_digit(digits: str) -> str:
    """Give the digit that makes `digits` and itself a number that `is_card` accepts."""
    return str(-_luhn_sum(digits + "0") % 10)


def is_card(text: str) -> bool:
    """Tell whether a text is 12 to 19 digits, with blanks, dots or hyphens between them, whose
    check digit is right (Luhn, ISO/IEC 7812-1)."""
    digits = _BETWEEN.sub("", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) in _CARD_LENGTHS):
        return False
    return _luhn_sum(digits) % 10 == 0 and len(set(digits)) > 1


def iban_check(country: str, account: str) -> str:
    """Give the two check digits of an IBAN; account: what follows them, letters and digits."""
    return f"{98 - _remainder(account + country + '00'):02}"


def iban_length(country: str) -> int | None:
    """Give how many characters the IBANs of a country have; None for one without."""
    return _LENGTHS.get(country)


def is_iban(text: str) -> bool:
    """Tell whether a text, blanks apart, is an IBAN of its country's length whose check digits are
    right (mod 97, ISO 13616)."""
    packed = _BLANKS.sub("", text).upper()
    if not _IBAN.fullmatch(packed) or len(packed) != iban_length(packed[:2]):
        return False
    return _remainder(packed[4:] + packed[:4]) == 1


def is_ip(text: str) -> bool:
    """Tell whether a text is an IPv4 or IPv6 address; a network's `/24` may follow."""
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


def _luhn_sum(digits: str) -> int:
    """Every second digit from the right counts twice, and 2 digits as their sum."""
    values = digits.encode("ascii").translate(_VALUES)
    return sum(values[-1::-2]) + sum(values[-2::-2].translate(_TWICE))


def _remainder(text: str) -> int:
    """Of the number that has 10 for A, 11 for B and so on; text: digits and capitals."""
    return int("".join([_NUMBERS[character] for character in text])) % 97
