"""Check digits and letters of the tax numbers that countries give to persons."""

from __future__ import annotations

import re

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_ABROAD = "XYZ"  # what begins the numbers of foreigners in Spain, for 0, 1 and 2
# What the characters at odd places of a codice fiscale count, of 0 to 9 and of A to Z.
_ODD = (
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
)
_ITALIAN = re.compile(r"[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]")
_SPANISH = re.compile(r"[0-9XYZ]\d{7}-?[A-Z]")
_BRAZILIAN = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d\d|\d{11}")
_FRENCH_KEY = 511


def codice_fiscale_letter(code: str) -> str:
    """Give the letter that ends an Italian codice fiscale; code: its first 15 characters."""
    values = [int(character, 36) for character in code]
    total = sum(
        _ODD[value] if at % 2 == 0 else value - 10 * (value > 9) for at, value in enumerate(values)
    )
    return chr(ord("A") + total % 26)


def is_codice_fiscale(text: str) -> bool:
    """Tell whether a text is an Italian codice fiscale with the right last letter."""
    return bool(_ITALIAN.fullmatch(text)) and codice_fiscale_letter(text[:15]) == text[15]


def dni_letter(number: str) -> str:
    """Give the letter that ends a Spanish DNI or NIE; number: its first 8 characters."""
    first = str(_ABROAD.index(number[0])) if number[0] in _ABROAD else number[0]
    return _DNI[int(first + number[1:]) % len(_DNI)]


def is_dni(text: str) -> bool:
    """Tell whether a text is a Spanish DNI or NIE with the right letter."""
    return bool(_SPANISH.fullmatch(text)) and dni_letter(text[:8]) == text[-1]


def cpf_digits(digits: str) -> str:
    """Give the two digits that end a Brazilian CPF; digits: its first nine."""
    whole = digits
    for _ in range(2):
        weights = range(len(whole) + 1, 1, -1)
        rest = 11 - sum(w * int(d) for w, d in zip(weights, whole, strict=True)) % 11
        whole += str(rest if rest < 10 else 0)
    return whole[len(digits) :]


def is_cpf(text: str) -> bool:
    """Tell whether a text is a Brazilian CPF, packed or with its marks, whose digits are right."""
    digits = "".join(character for character in text if character.isdigit())
    return bool(_BRAZILIAN.fullmatch(text)) and cpf_digits(digits[:9]) == digits[9:]


def spi_key(digits: str) -> str:
    """Give the three digits that end a French numéro fiscal; digits: its first ten."""
    return f"{int(digits) % _FRENCH_KEY:03}"


def is_numero_fiscal(text: str) -> bool:
    """Tell whether a text is a French numéro fiscal, blanks apart, whose last digits are right."""
    digits = text.replace(" ", "")
    return len(digits) == 13 and digits.isdigit() and spi_key(digits[:10]) == digits[10:]
