"""Check digits of tax numbers, of numbers that offices print as examples."""

import pytest

from edgetext.core.tax_numbers import is_codice_fiscale, is_cpf, is_dni, is_numero_fiscal


@pytest.mark.parametrize(
    ("check", "number", "wrong"),
    [
        (is_codice_fiscale, "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
        (is_dni, "12345678Z", "12345678A"),
        (is_dni, "12345678-Z", "12345678-A"),
        (is_dni, "X1234567L", "Y1234567L"),
        (is_cpf, "111.444.777-35", "111.444.777-53"),
        (is_cpf, "11144477735", "11144477736"),
        (is_numero_fiscal, "3023217600053", "3023217600054"),
        (is_numero_fiscal, "30 23 217 600 053", "30 23 217 600 052"),
    ],
)
def test_the_last_characters_prove_the_number(check, number, wrong):
    assert check(number) and not check(wrong)


@pytest.mark.parametrize("check", [is_codice_fiscale, is_cpf, is_dni, is_numero_fiscal])
def test_what_has_another_form_is_none(check):
    assert not check("") and not check("123") and not check("é" * 13) and not check("A" * 16)
