"""Numbers of persons with the check digits that they have: cards, IBANs and tax numbers."""

from __future__ import annotations

import random
from collections.abc import Callable

from edgetext.core.checksums import iban_check, is_card, is_iban, luhn_digit
from edgetext.core.tax_numbers import codice_fiscale_letter, cpf_digits, dni_letter, spi_key
from edgetext.data.pii.locales import DIGITS, Locale, drawn

# Begins of the numbers that payment services give out for tests, and how many digits follow.
_TEST_CARDS = (
    ("42424242", 16), ("40000000", 16), ("41111111", 16), ("40128888", 16), ("40000566", 16),
    ("55555555", 16), ("52008282", 16), ("51051051", 16), ("22230031", 16), ("60111111", 16),
    ("60110009", 16), ("35660020", 16), ("378282", 15), ("371449", 15), ("30569300", 14),
    ("36227206", 14), ("62000000", 16),
)  # fmt: skip
_CONSONANTS = "BCDFGLMNPRSTVZ"


def card(rng: random.Random) -> str:
    """Make a card number that passes Luhn's check, of the ranges for tests."""
    begin, length = rng.choice(_TEST_CARDS)
    digits = begin + "".join(rng.choices(DIGITS, k=length - 1 - len(begin)))
    return _grouped(digits + luhn_digit(digits), rng)


def card_plain(rng: random.Random) -> str:
    """Make a card number of digits alone."""
    return "".join(character for character in card(rng) if character.isdigit())


def card_like(rng: random.Random) -> str:
    """Make a number of a parcel or a reference that looks like a card or an IBAN and is none."""
    kind = rng.random()
    if kind < 0.1:
        return drawn("@@#########@@|1Z@##@#########", rng)
    if kind < 0.2:
        number = drawn("@@## #### #### ####|@@################", rng)
        return number if not is_iban(number) else card_like(rng)
    digits = drawn("|".join("#" * length for length in (16, 16, 15, 12, 20)), rng)
    number = _grouped(digits, rng) if kind < 0.6 else digits
    return number if not is_card(number) else card_like(rng)


def iban(locale: Locale, rng: random.Random) -> str:
    """Make an IBAN with its check digits, in groups of four or packed."""
    packed = iban_plain(locale, rng)
    if rng.random() < 0.4:
        return packed
    return " ".join(packed[at : at + 4] for at in range(0, len(packed), 4))


def iban_plain(locale: Locale, rng: random.Random) -> str:
    """Make an IBAN without blanks."""
    country, form = locale.iban
    account = drawn(form, rng)
    return country + iban_check(country, account) + account


def tax_id(locale: Locale, rng: random.Random) -> str:
    """Make a number by which a country's offices know a person."""
    return _TAX[locale.code](rng)


def _grouped(digits: str, rng: random.Random) -> str:
    between = rng.choice((" ", " ", "-", ""))
    sizes = (4, 6, 5) if len(digits) == 15 else (4, 6, 4) if len(digits) == 14 else (4,) * 5
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return between.join(part for part in parts if part)


def _ssn(rng: random.Random) -> str:
    # No number that begins with 9 and has such a middle was ever given out.
    middle = rng.choice("1234")
    return drawn(f"9##-{middle}#-####|9##-{middle}#-####|9## {middle}# ####", rng)


def _nino(rng: random.Random) -> str:
    begin = rng.choice("QDFIUV") + rng.choice("ABCEGH")
    form = rng.choice(("{} ## ## ## {}", "{}######{}"))
    return drawn(form.format(begin, rng.choice("ABCD")), rng)


def _german(rng: random.Random) -> str:
    digits = drawn("%#########", rng)
    product = 10
    for digit in digits:  # ISO 7064, mod 11, 10
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    whole = digits + str((11 - product) % 10)
    return _parted(whole, (2, 3, 3, 3), rng)


def _french(rng: random.Random) -> str:
    digits = drawn("%#########", rng)
    return _parted(digits + spi_key(digits), (2, 2, 3, 3, 3), rng)


def _spanish(rng: random.Random) -> str:
    digits = drawn("########", rng)
    if rng.random() < 0.25:
        number = "XYZ"[rng.randrange(3)] + digits[1:]
        return number + dni_letter(number)
    return f"{digits}{rng.choice(('', '', '-'))}{dni_letter(digits)}"


def _italian(rng: random.Random) -> str:
    letters = "".join(rng.choices(_CONSONANTS, k=6))
    day = rng.randrange(1, 29) + rng.choice((0, 40))
    month = rng.choice("ABCDEHLMPRST")
    code = f"{letters}{rng.randrange(40, 99)}{month}{day:02}{drawn('@###', rng)}"
    return code + codice_fiscale_letter(code)


def _dutch(rng: random.Random) -> str:
    while True:
        digits = drawn("%#######", rng)
        check = sum((9 - at) * int(digit) for at, digit in enumerate(digits)) % 11
        if check < 10:
            return _parted(f"{digits}{check}", (4, 2, 3), rng)


def _brazilian(rng: random.Random) -> str:
    digits = drawn("#########", rng)
    digits += cpf_digits(digits)
    if rng.random() < 0.3:
        return digits
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def _parted(digits: str, sizes: tuple[int, ...], rng: random.Random) -> str:
    if rng.random() < 0.6:
        return digits
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return " ".join(digits[end - size : end] for end, size in zip(ends, sizes, strict=True))


_TAX: dict[str, Callable[[random.Random], str]] = {
    "en-US": _ssn, "en-GB": _nino, "de-DE": _german, "fr-FR": _french, "es-ES": _spanish,
    "it-IT": _italian, "nl-NL": _dutch, "pt-BR": _brazilian,
}  # fmt: skip
