"""What machines write: addresses of networks and devices, keys, and numbers that are no one's."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from edgetext.core.checksums import is_ip
from edgetext.data.pii.locales import drawn

_ALL = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_ONSETS = (
    *("b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z"),
    *("br", "ch", "cl", "dr", "fl", "gr", "kl", "pr", "qu", "sch", "sh", "st", "th", "tr", "y", ""),
)
_VOWELS = (*"aeiouaeiouaeiou", "ai", "ei", "ie", "oo", "ou", "á", "é", "í", "ó", "ö", "ü", "ã", "è")
_CODAS = ("", "", "", "", "n", "r", "l", "s", "m", "t", "k", "nd", "rt", "ng", "ck", "st", "x")
_ENDS = ("", "", "", "a", "o", "e", "i", "er", "en", "ie", "os", "us", "y", "ine", "el", "on")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def word(rng: random.Random) -> str:
    """Make a word of two or three syllables that no language has to have, in small letters."""
    syllables = (
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)
        for _ in range(rng.choice((1, 2, 2, 2, 3)))
    )
    return "".join(syllables) + rng.choice(_ENDS)


def ip(rng: random.Random) -> str:
    """Make an address of the networks for examples or private ones (RFC 5737, 3849, 1918)."""
    low = rng.randrange(256)
    if rng.random() < 0.3:
        groups = [f"{rng.randrange(65536):x}" for _ in range(rng.randrange(1, 6))]
        begin = rng.choice(("2001:db8:", "2001:db8:", "fe80:", "fd12:"))
        if len(groups) == 5 and begin.startswith("2001"):
            return f"{begin}{':'.join([*groups, f'{low:x}'])}"
        return f"{begin}:{':'.join(groups)}"
    return _four(low, rng)


def ip_four(rng: random.Random) -> str:
    """Make an address of four numbers, which a port can follow."""
    return _four(rng.randrange(256), rng)


def _four(low: int, rng: random.Random) -> str:
    net = rng.choice(("192.0.2", "198.51.100", "203.0.113", "10", "172", "192.168"))
    if net == "10":
        net = f"10.{rng.randrange(256)}.{rng.randrange(256)}"
    elif net == "172":
        net = f"172.{rng.randrange(16, 32)}.{rng.randrange(256)}"
    elif net == "192.168":
        net = f"192.168.{rng.randrange(256)}"
    return f"{net}.{low}"


def mac(rng: random.Random) -> str:
    """Make a hardware address that no maker has: one of those for local use."""
    first = f"{rng.randrange(64) * 4 + 2:02x}"
    pairs = [first, *(f"{rng.randrange(256):02x}" for _ in range(5))]
    text = rng.choice((":".join(pairs), ":".join(pairs), "-".join(pairs)))
    if rng.random() < 0.08:
        text = ".".join("".join(pairs[at : at + 2]) for at in (0, 2, 4))
    return text.upper() if rng.random() < 0.4 else text


def key(rng: random.Random) -> str:
    """Make an API key, a token or a password."""

    def some(characters: str, least: int, most: int) -> str:
        return "".join(rng.choices(characters, k=rng.randint(least, most)))

    kind = rng.randrange(10)
    if kind == 0:
        return (
            f"{rng.choice(('sk', 'pk', 'rk'))}_{rng.choice(('test', 'live'))}_{some(_ALL, 16, 28)}"
        )
    if kind == 1:
        return f"{rng.choice(('ghp_', 'gho_', 'npm_', 'glpat-', 'hf_'))}{some(_ALL, 20, 36)}"
    if kind == 2:
        return f"AKIA{some(string.ascii_uppercase + string.digits, 9, 9)}EXAMPLE"
    if kind == 3:
        return some(_HEX, 32, 32)
    if kind == 4:
        return f"{some(_ALL + '+/', 30, 42)}{rng.choice(('=', '==', ''))}"
    if kind == 5:
        return f"eyJ{some(_ALL, 12, 20)}.eyJ{some(_ALL, 16, 28)}.{some(_ALL + '-_', 16, 28)}"
    if kind == 6:
        return f"xox{rng.choice('bp')}-{some(string.digits, 10, 12)}-{some(_ALL, 16, 24)}"
    if kind == 7:
        return some(_ALL, 20, 32)
    known = rng.choice(_WORDS_OF_PASSWORDS)
    return f"{rng.choice((known, known.title()))}{rng.choice('!#$%&*_-.')}{some(_ALL, 3, 8)}"


def _stamp(rng: random.Random) -> str:
    year, month, day = rng.randint(2023, 2027), rng.randint(1, 12), rng.randint(1, 28)
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    return rng.choice((
        f"{year}-{month:02}-{day:02}T{clock}Z", f"{year}-{month:02}-{day:02} {clock}",
        f"{_MONTHS[month - 1]} {day} {clock}",
        f"{year}-{month:02}-{day:02}T{clock}.{rng.randrange(1000):03}+02:00", clock,
        f"{rng.randrange(1_690_000_000, 1_800_000_000)}",
    ))  # fmt: skip


def _clock(rng: random.Random) -> str:
    day, month = rng.randint(1, 28), rng.choice(_MONTHS)
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    return f"[{day:02}/{month}/{rng.randint(2023, 2027)}:{clock} +0000]"


def _version(rng: random.Random) -> str:
    text = drawn("%.#.#|%.##|%.##.#|v%.#.#|##.04|%.#.#-rc%|#.%#.##.####|v%#.%.#|%.#.##.%###", rng)
    return text if not is_ip(text) else _version(rng)


def _uuid(rng: random.Random) -> str:
    return "-".join("".join(rng.choices(_HEX, k=size)) for size in (8, 4, 4, 4, 12))


_WORDS_OF_PASSWORDS = (
    "winter", "summer", "secret", "welcome", "qwerty", "monkey", "hunter", "letmein", "sunshine",
    "berlin", "pass", "admin", "house", "apple",
)  # fmt: skip
# What `<name>` in a pattern draws.
WORDS: dict[str, Callable[[random.Random], str]] = {
    "stamp": _stamp,
    "clock": _clock,
    "version": _version,
    "uuid": _uuid,
    "sha": lambda rng: "".join(rng.choices(_HEX, k=rng.choice((7, 8, 40)))),
    "port": lambda rng: drawn("%####|443|8080|22|%###", rng),
    "number": lambda rng: drawn("%|%#|%##|%###|%####", rng),
    "pin": lambda rng: drawn("####|######|###-###", rng),
    "time": lambda rng: drawn("%:30|1#:00|1%:45|9:15|20:%0|%:05", rng),
    "order": lambda rng: drawn(
        "#%####|ORD-2026-#####|A-%#######|%###/2026|PO %####|7########|B2B-####|%#-%######-%"
        "|@@%#####",
        rng,
    ),
    "ticket": lambda rng: drawn("#%###|INC00#####|OPS-%##|HELP-%###|%#####", rng),
    "route": lambda rng: drawn("/api/v%/items/%#|/login|/static/app.%.js|/cart|/health", rng),
    "host": lambda rng: drawn("mx%.relay.internal|smtp-%#|db%.local|queue%", rng),
    "bar": lambda rng: rng.choice("|·"),
    "par": lambda rng: "(",
    "end": lambda rng: ")",
    "json_open": lambda rng: "{",
    "json_close": lambda rng: "}",
}
