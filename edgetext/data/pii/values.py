"""Values of entities, and of what is none, in one locale."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from edgetext.data.pii import numbers, technical
from edgetext.data.pii.locales import LETTERS, MONTHS, Locale, drawn

_COMPANIES = {
    "en": "Ltd | Inc. | & Co. | Group | Bank | LLC | Foods | Software | & Sons | Hotel",
    "de": "GmbH | AG | KG | & Söhne | Versicherung | Bau GmbH | e.V. | Apotheke | Logistik",
    "fr": "SA | SARL | SAS | et Fils | Assurances | Frères | Conseil | Boulangerie",
    "es": "S.A. | S.L. | e Hijos | Seguros | Hermanos | Construcciones | Asesores",
    "it": "S.p.A. | S.r.l. | e Figli | Assicurazioni | Fratelli | Costruzioni",
    "nl": "B.V. | N.V. | & Zonen | Verzekeringen | Bouw | Groep | Advies",
    "pt": "S.A. | Ltda. | e Filhos | Seguros | Irmãos | Engenharia | Transportes",
}
# Companies that are named after someone, as training makes more of.
_SHOPS = {
    "en": "The {} Inn|Café {}|{} Plumbing|{} Dental|{} Legal|{} Books|Garage {}|{} Motors",
    "de": "Autohaus {}|Bäckerei {}|Hotel {}|Kanzlei {}|Praxis {}|Metzgerei {}|{} GmbH|{} KG",
    "fr": "Boulangerie {}|Garage {}|Cabinet {}|Pharmacie {}|Hôtel {}|Librairie {}|{} SARL|{} SAS",
    "es": "Grupo {}|Bar {}|Talleres {}|Farmacia {}|Bodegas {}|Librería {}|{} S.L.|Muebles {} S.A.",
    "it": "Studio {}|Ristorante {}|Farmacia {}|Officina {}|Albergo {}|Pasticceria {}|{} S.r.l.",
    "nl": "Bakkerij {}|Garage {}|Slagerij {}|Hotel {}|Kwekerij {}|Drogisterij {}|{} B.V.|{} N.V.",
    "pt": "Padaria {}|Farmácia {}|Oficina {}|Grupo {}|Hotel {}|Livraria {}|{} Ltda.|Móveis {} S.A.",
}
_STREETS = {
    "en": "{} Street|{} Road|{} Avenue|{} Lane|{} Close|{} Drive|{} Court|{} Way|{} Place|{} View"
    "|{} Terrace|{} Gardens|{} Hill|{} Square|{} Park|Old {} Road|{} Mews|{} Hill Road|West {}|{}",
    "de": "{}straße|{}weg|{}allee|Am {}|{}gasse|{}str.|{}platz|An der {}|{}damm|Zum {}|Im {}|{}ufer"
    "|{}ring|{}hof|{}pfad|Hinter dem {}|Auf der {}|{}grund|{}berg|Neue {}",
    "fr": "rue {}|avenue {}|boulevard {}|rue de {}|chemin de {}|place {}|allée {}|quai {}|cours {}"
    "|impasse {}|route de {}|square {}|bd {}|passage {}|chemin des {}|rue du {}|av. {}|allée du {}",
    "es": "Calle {}|Avenida {}|Plaza {}|Paseo de {}|C/ {}|Calle de {}|Ronda {}|Avda. {}|Camino {}"
    "|Travesía {}|Pasaje {}|Glorieta {}|Carretera de {}|Paseo {}|Calle de la {}|Plaza de los {}",
    "it": "Via {}|Corso {}|Piazza {}|Viale {}|Via dei {}|Largo {}|Vicolo {}|Strada {}|Via del {}"
    "|Viale delle {}|P.za {}|Borgo {}|Via delle {}|Via della {}|Salita {}|Strada della {}",
    "nl": "{}straat|{}laan|{}weg|{}plein|{}kade|{}gracht|{}hof|Lange {}|Van {}straat|{}dijk|{}steeg"
    "|{}pad|{}singel|{}dreef|Oude {}|{}markt|{}park|De {}|{}hout",
    "pt": "Rua {}|Avenida {}|Travessa {}|R. {}|Av. {}|Alameda {}|Praça {}|Rua dos {}|Rua do {}"
    "|Rua da {}|Estrada {}|Largo {}|Ladeira {}|Trav. {}|Rua Dr. {}|Praça da {}|Alameda dos {}",
}
# Pools whose values are one word, as they come in hosts and names of users.
_SHORT = frozenset(("site", "handle", "path"))
_STATE = re.compile(r", | - |/")
Pools = Mapping[str, Sequence[str]]


class Values:
    """Draws values; the pools decide whether they are those of training or the unseen ones.

    invented: the share of names, streets, towns and sites that are made up of syllables, as
    training has them, so that a network learns more than the pools by heart.
    """

    def __init__(self, locale: Locale, pools: Pools, rng: random.Random, invented: float) -> None:
        self.locale = locale
        self.pools = pools
        self.rng = rng
        self.invented = invented
        self._entities: dict[str, Callable[[], str]] = {
            "PERSON": self.person, "given": self.given, "surname": self.surname,
            "ADDRESS": self.address, "street": self.here,
            "EMAIL": self.email, "PHONE": lambda: drawn(locale.phone, rng),
            "DATE_OF_BIRTH": lambda: self.day(1935, 2008),
            "birth_iso": lambda: self.day(1935, 2008, "%Y-%m-%d"),
            "CARD": lambda: numbers.card(rng), "card_plain": lambda: numbers.card_plain(rng),
            "IBAN": lambda: numbers.iban(locale, rng),
            "iban_plain": lambda: numbers.iban_plain(locale, rng),
            "PASSPORT": lambda: drawn(locale.passport, rng),
            "TAX_ID": lambda: numbers.tax_id(locale, rng),
            "IP": lambda: technical.ip(rng), "ip_four": lambda: technical.ip_four(rng),
            "MAC": lambda: technical.mac(rng),
            "URL": self.url, "USERNAME": self.username, "KEY": lambda: technical.key(rng),
        }  # fmt: skip
        self._words: dict[str, Callable[[], str]] = {
            "date": lambda: self.day(1985, 2027),
            "amount": self.amount,
            "place": self.place,
            "company": self.company,
            "product": self.product,
            "cardlike": lambda: numbers.card_like(rng),
            **{name: partial(make, rng) for name, make in technical.WORDS.items()},
        }

    def entity(self, form: str) -> str:
        """Draw a value of an entity, as `PERSON`, or of one of its forms, as `given`."""
        return self._entities[form]()

    def words(self, name: str) -> str:
        """Draw words that are of no entity, as `<date>`."""
        return self._words[name]() if name in self._words else self.one(name)

    def one(self, pool: str) -> str:
        """Draw a value of a pool, or a new word in the place of a short one."""
        if pool in _SHORT and self.rng.random() < self.invented:
            return plain(technical.word(self.rng))
        return self.rng.choice(self.pools[pool])

    def name(self) -> str:
        """Make a name that nobody has to have."""
        return technical.word(self.rng).title()

    def near(self, pool: str) -> str:
        """Make a word of two of a pool, which goes over from one to the other at a letter that
        both have: new, and like those of its language."""
        begin, end = self.rng.choice(self.pools[pool]), self.rng.choice(self.pools[pool])
        at = self.rng.randint(1, len(begin) - 1)
        places = [n for n in range(1, len(end) - 1) if end[n] == begin[at]]
        return begin[:at] + end[self.rng.choice(places) :] if places else begin

    def given(self) -> str:
        kind = self.rng.random()
        language = self.locale.language if self.rng.random() < 0.85 else "any"
        if kind < 0.25 * self.invented:
            return self.name()
        if kind < self.invented:
            return self.near(f"given_{language}")
        return self.one(f"given_{language}")

    def surname(self) -> str:
        kind = self.rng.random()
        language = self.locale.language if self.rng.random() < 0.85 else "any"
        if kind < 0.35 * self.invented:
            begin = self.one("stem") if self.rng.random() < 0.5 else self.name()
            return begin + self.one(f"ending_{self.locale.language}")
        if kind < self.invented:
            return self.near(f"surname_{language}")
        name = self.one(f"surname_{language}")
        if self.locale.language in ("es", "pt") and self.rng.random() < 0.4:
            name += f" {self.one(f'surname_{self.locale.language}')}"
        elif self.rng.random() < 0.04:
            name += f"-{self.one(f'surname_{self.locale.language}')}"
        return name

    def town(self) -> str:
        """Draw a town, with its state where the country writes it."""
        town = self.one(self.locale.towns)
        kind = self.rng.random()
        if kind < self.invented:
            made_up = self.name() if kind < 0.4 * self.invented else self.near(self.locale.towns)
            name = _STATE.split(made_up)[0]
            town = name + town[len(_STATE.split(town)[0]) :]
        return town

    def place(self) -> str:
        """Draw a place that is no one's address."""
        return self.one("place") if self.rng.random() < 0.5 else _STATE.split(self.town())[0]

    def product(self) -> str:
        """Draw a thing that is sold."""
        if self.rng.random() < self.invented:
            return f"{self.name()} {self.rng.choice(('X', 'Pro', drawn('%#', self.rng), 'Plus'))}"
        return self.one("product")

    def company(self) -> str:
        """Draw a company, half of them with a person's name in theirs."""
        if self.invented and self.rng.random() < 0.4:
            form = self.rng.choice(_SHOPS[self.locale.language].split("|"))
            return form.format(self._namesake())
        if self.rng.random() < 0.5:
            return self.one("company")
        name = self.rng.choice(
            (self.one(f"surname_{self.locale.language}"), self.one("site").title())
        )
        return f"{name} {self.rng.choice(_COMPANIES[self.locale.language].split(' | '))}"

    def person(self) -> str:
        given, surname = self.given(), self.surname()
        kind = self.rng.random()
        if kind < 0.07:
            return f"{given} {self.rng.choice(LETTERS)}. {surname}"
        if kind < 0.13:
            return f"{given[0]}. {surname}"
        if kind < 0.19:
            return f"{surname}, {given}"
        if kind < 0.23:
            return f"{given} {surname}".upper()
        if kind < 0.26:
            return f"{given} {surname.upper()}"
        if kind < 0.31:
            return f"{given} {self.given()} {surname}"
        return f"{given} {surname}"

    def here(self) -> str:
        """Draw a street with its number."""
        street = self.one(f"street_{self.locale.language}")
        if self.rng.random() < self.invented:
            form = self.rng.choice(_STREETS[self.locale.language].split("|"))
            street = form.format(self._namesake())
        return self.rng.choice(self.locale.street.split("|")).format(
            street=street,
            number=self.rng.choice((self.rng.randrange(1, 99), self.rng.randrange(100, 2000)))
            if self.locale.language == "en"
            else self.rng.randrange(1, 180),
            letter=self.rng.choice("abc"),
            flat=self.rng.randrange(1, 40),
        )

    def _namesake(self) -> str:
        """Make what a street or a shop is named after: a word, a surname, or a person."""
        kind = self.rng.random()
        if kind < 0.35:
            return self.name()
        if kind < 0.85:
            return self.near(f"surname_{self.locale.language}")
        between = "-" if self.locale.language == "de" else " "
        return f"{self.given()}{between}{self.surname()}"

    def address(self) -> str:
        kind = self.rng.random()
        if kind < 0.2:
            return self.here()
        post, town = drawn(self.locale.postcode, self.rng), self.town()
        if kind < 0.27:
            order = "{post} {town}" if "{post} {town}" in self.locale.address else "{town} {post}"
            return order.format(post=post, town=town)
        form = self.rng.choice(self.locale.address.split("|"))
        return form.format(here=self.here(), post=post, town=town)

    def day(self, first: int, last: int, form: str | None = None) -> str:
        year, month = self.rng.randint(first, last), self.rng.randint(1, 12)
        day = self.rng.randint(1, 28)
        form = form or self.rng.choice(self.locale.dates)
        name = MONTHS[self.locale.language].split()[month - 1]
        for mark, value in (
            ("%d", f"{day:02}"), ("%m", f"{month:02}"), ("%Y", str(year)),
            ("%y", f"{year % 100:02}"), ("{d}", str(day)), ("{m}", str(month)), ("{month}", name),
        ):  # fmt: skip
            form = form.replace(mark, value)
        return form

    def amount(self) -> str:
        whole, part = self.rng.randrange(1, 5000), f"{self.rng.randrange(100):02}"
        number = f"{whole:,}" if self.rng.random() < 0.6 else str(whole)
        number += f".{part}" if self.rng.random() < 0.7 else ""
        if self.locale.language != "en":
            number = number.translate(str.maketrans(",.", ".,"))
        return self.rng.choice(self.locale.money).format(number)

    def username(self) -> str:
        kind = self.rng.random()
        number = self.rng.choice(
            ("", "", str(self.rng.randrange(100)), str(self.rng.randrange(2000)))
        )
        if kind < 0.3:
            return f"{plain(self.given())}{self.rng.choice(('.', '_', ''))}{plain(self.surname())}"
        if kind < 0.5:
            return f"{plain(self.given())[0]}{plain(self.surname())}{number}"
        if kind < 0.65:
            return f"{plain(self.given())}{self.rng.choice(('', '_'))}{number}"
        if kind < 0.85:
            handle = self.one("handle") + self.rng.choice(("_", "-", "")) + self.one("handle")
            return self.rng.choice((handle, handle.title())) + number
        return self.one("handle") + number

    def email(self) -> str:
        return f"{self.username()}@{self.site()}"

    def site(self) -> str:
        """Draw a host under the names that are reserved for examples (RFC 2606)."""
        ending = self.rng.choice(("example.com", "example.org", "example.net"))
        kind = self.rng.random()
        if kind < 0.25:
            return ending
        # Unseen ones are where other programs would look for them, too.
        if kind < 0.55 and self.invented:
            two = f"{self.one('site')}-" if self.rng.random() < 0.4 else ""
            return f"{two}{self.one('site')}.{self.rng.choice(('example', 'test', 'invalid'))}"
        return f"{self.one('site')}.{ending}"

    def url(self) -> str:
        scheme = self.rng.choice(("https://", "https://", "http://", "https://www.", "www."))
        parts = [self.one("path") for _ in range(self.rng.randrange(3))]
        end = self.rng.choice(
            ("", "", self.username(), drawn("######", self.rng), drawn("%#", self.rng))
        )
        path = "/".join(["", *parts, *([end] if end else [])])
        query = self.rng.choice(("", "", "", f"?id={drawn('####', self.rng)}", "?lang=en&p=2", "/"))
        return f"{scheme}{self.site()}{path}{query if path else ''}"


def plain(name: str) -> str:
    """Write a name in small ASCII letters, without blanks."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").lower())
    return "".join(c for c in letters if c.isascii() and c.isalpha()) or "user"
