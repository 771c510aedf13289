"""Check digits: numbers that are known to be right, and the same with a digit changed."""

import random

import pytest

from edgetext.core.checksums import iban_check, is_card, is_iban, is_ip, luhn_digit

CARDS = ["4242 4242 4242 4242", "5555-5555-5555-4444", "378282246310005", "6011111111111117"]
IBANS = ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NL91ABNA0417164300"]


@pytest.mark.parametrize("number", CARDS)
def test_a_card_with_a_digit_changed_is_none(number):
    assert is_card(number)
    for at, digit in enumerate(number):
        if digit.isdigit():
            changed = number[:at] + str((int(digit) + 1) % 10) + number[at + 1 :]
            assert not is_card(changed), changed


@pytest.mark.parametrize("text", ["", "4242", "0000 0000 0000 0000", "4242x4242y4242", "٤" * 16])
def test_what_is_no_card(text):
    assert not is_card(text)


@pytest.mark.parametrize("number", IBANS)
def test_an_iban_with_a_digit_changed_or_left_out_is_none(number):
    assert is_iban(number) and is_iban(number.lower())
    for at, digit in enumerate(number):
        if digit.isdigit():
            assert not is_iban(number[:at] + str((int(digit) + 1) % 10) + number[at + 1 :])
    assert not is_iban(number[:-1])


def test_digits_that_are_made_are_right():
    rng = random.Random(1)
    for _ in range(200):
        digits = "".join(rng.choices("0123456789", k=15))
        assert is_card("4" + digits[1:] + luhn_digit("4" + digits[1:]))
        account = "".join(rng.choices("0123456789", k=18))
        assert is_iban(f"DE{iban_check('DE', account)}{account}")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("192.0.2.1", True),
        ("2001:db8::1", True),
        ("10.0.0.0/8", True),
        ("192.0.2.256", False),
        ("1.2.3", False),
        ("12:30", False),
        ("", False),
    ],
)
def test_addresses(text, right):
    assert is_ip(text) is right
