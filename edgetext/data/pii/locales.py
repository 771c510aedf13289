"""What differs from country to country in the built-in data set `pii`.

In the forms of numbers `#` is any digit, `%` one that is not 0, `@` a capital and `*` a letter or a
digit; `|` parts forms, of which one is drawn.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_MARK = re.compile(r"[#%@*]")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Locale:
    """A language as one country writes it.

    towns: the pool of its towns. address: a street with its number, and with the postcode and town
    (`{street}`, `{number}`, `{post}`, `{town}`). postcode, passport, phone: forms of numbers;
    phones are of ranges that nobody has where the country keeps some for fiction. iban: the country
    and the form of what follows the check digits. dates: with strftime's `%d %m %Y %y`,
    `{d}` and `{m}` without zeros and `{month}` the month's name. money: forms of an amount, `{}`
    the number.
    """

    code: str
    language: str
    towns: str
    street: str
    address: str
    postcode: str
    phone: str
    passport: str
    iban: tuple[str, str]
    dates: tuple[str, ...]
    money: tuple[str, ...]


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}

LOCALES = (
    Locale(
        "en-US", "en", "town_us", "{number} {street}|{number} {street}, Apt {flat}",
        "{here}, {town} {post}", "%####|%####-####",
        "(%1#) 555-01##|%1#-555-01##|+1 %0# 555 01##|+1 (%1#) 555-01##|%0#.555.01##",
        "%########|@########", ("GB", "@@@@##############"),
        ("%m/%d/%Y", "{m}/{d}/%Y", "{month} {d}, %Y", "%Y-%m-%d", "%m/%d/%y", "%m-%d-%Y"),
        ("${}", "{} USD", "${}"),
    ),
    Locale(
        "en-GB", "en", "town_gb", "{number} {street}|Flat {flat}, {number} {street}",
        "{here}, {town} {post}|{here}, {town}, {post}", "@%# %@@|@@% %@@|@@%# %@@",
        "07700 900###|+44 7700 900###|020 7946 0###|01632 960###|+44 20 7946 0###|(0121) 496 0###"
        "|07700900###",
        "%########", ("GB", "@@@@##############"),
        ("%d/%m/%Y", "{d} {month} %Y", "%d-%m-%Y", "{d}/{m}/%y", "%d.%m.%Y", "%Y-%m-%d"),
        ("£{}", "GBP {}", "£{}"),
    ),
    Locale(
        "de-DE", "de", "town_de", "{street} {number}|{street} {number}{letter}",
        "{here}, {post} {town}|{here}, D-{post} {town}|{here} in {post} {town}", "%####",
        "030 23125###|+49 30 23125 ###|0221 4710 ###|089/99998###|040-66969###|+49 (0)69 90009###"
        "|0171 39200##|+49 176 040690##|0152 28817386|01525 4599371",
        "C%%@##@##|@%##@@##%|%########", ("DE", "##################"),
        ("%d.%m.%Y", "{d}.{m}.%Y", "{d}. {month} %Y", "%d.%m.%y", "%Y-%m-%d"),
        ("{} €", "{} Euro", "EUR {}"),
    ),
    Locale(
        "fr-FR", "fr", "town_fr", "{number} {street}|{number} bis {street}|{number}, {street}",
        "{here}, {post} {town}|{here} {post} {town}", "%####",
        "01 99 00 ## ##|+33 1 99 00 ## ##|02.61.91.##.##|03 53 01 ## ##|06 39 98 ## ##"
        "|+33 6 39 98 ## ##|04657 1####|06.39.98.##.##|0639 98 ## ##",
        "##@@#####", ("FR", "#####################%#"),
        ("%d/%m/%Y", "{d} {month} %Y", "%d.%m.%Y", "%d-%m-%Y", "{d}/{m}/%y", "%Y-%m-%d"),
        ("{} €", "{} euros", "{} EUR"),
    ),
    Locale(
        "es-ES", "es", "town_es",
        "{street}, {number}|{street} {number}|{street}, {number}, {flat}º B",
        "{here}, {post} {town}|{here} - {post} {town}", "%####",
        "6## ### ###|6## ## ## ##|91# ## ## ##|+34 6## ### ###|+34 93# ### ###|6########"
        "|7## ### ###",
        "@@@######", ("ES", "####################"),
        ("%d/%m/%Y", "{d} de {month} de %Y", "%d-%m-%Y", "{d}/{m}/%Y", "%d.%m.%y", "%Y-%m-%d"),
        ("{} €", "{} euros", "{} EUR"),
    ),
    Locale(
        "it-IT", "it", "town_it", "{street} {number}|{street}, {number}|{street} n. {number}",
        "{here}, {post} {town}|{here} - {post} {town}", "%####",
        "3## ### ####|+39 3## ### ####|06 #### ####|02 ########|+39 06 ########|3## #######"
        "|347#######|051/######",
        "@@#######", ("IT", "@######################"),
        ("%d/%m/%Y", "{d} {month} %Y", "%d.%m.%Y", "%d-%m-%Y", "{d}/{m}/%y", "%Y-%m-%d"),
        ("{} €", "€ {}", "{} euro"),
    ),
    Locale(
        "nl-NL", "nl", "town_nl",
        "{street} {number}|{street} {number}-{letter}|{street} {number}{letter}",
        "{here}, {post} {town}|{here} te {town}", "%### @@|%###@@",
        "06-########|06 ## ## ## ##|+31 6 ########|020-#######|+31 20 ### ####|0## ### ## ##"
        "|06########",
        "@@######%", ("NL", "@@@@##########"),
        ("%d-%m-%Y", "{d} {month} %Y", "{d}-{m}-%Y", "%d/%m/%Y", "%d-%m-%y", "%Y-%m-%d"),
        ("€ {}", "{} euro", "EUR {}"),
    ),
    Locale(
        "pt-BR", "pt", "town_br",
        "{street}, {number}|{street}, nº {number}|{street}, {number}, apto {flat}",
        "{here}, {town}|{here}, {town}, CEP {post}|{here} - {town}, {post}", "%####-###",
        "(11) 9####-####|+55 21 9####-####|11 9#### ####|(31) 3###-####|+55 (41) 9####-####"
        "|119########",
        "@@######", ("BR", "#######################@#"),
        ("%d/%m/%Y", "{d} de {month} de %Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"),
        ("R$ {}", "{} reais", "R$ {}"),
    ),
)  # fmt: skip


def drawn(forms: str, rng: random.Random) -> str:
    """Draw one of the forms, parted by `|`, and a character for each of its marks."""
    characters = {"#": DIGITS, "%": DIGITS[1:], "@": LETTERS, "*": LETTERS + DIGITS}
    form = rng.choice(forms.split("|"))
    return _MARK.sub(lambda mark: rng.choice(characters[mark[0]]), form)
