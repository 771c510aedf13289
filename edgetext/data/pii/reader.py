"""The built-in data set `pii`: texts with personal data, made of patterns and values.

14 entities in eight locales, in chat, mail, forms and logs, cased. The test split has sentence
patterns, labels of fields, names, streets, towns and sites that training does not show, and no two
texts have the same words. Nothing in it is of a person: names are drawn apart, cards are of the
ranges that payment services give out for tests, hosts and networks those reserved for examples, and
phones of those for fiction where a country has some. Cards, IBANs and tax numbers have right check
digits; numbers of parcels and references that look like cards have wrong ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import Grammar, read_patterns, read_values
from edgetext.data.assistant.sentences import as_example
from edgetext.data.example import Example
from edgetext.data.pii.locales import LOCALES
from edgetext.data.pii.technical import WORDS
from edgetext.data.pii.texts import ENTITIES, SHARES, Writer
from edgetext.data.pii.values import Values
from edgetext.data.reader import BaseReader
from edgetext.registry import register

# Forms of entities beside the entities themselves, and words that are made, not drawn of a pool.
_FORMS = ("given", "surname", "street", "birth_iso", "card_plain", "iban_plain", "ip_four")
_MADE_UP = ("date", "amount", "cardlike")
_INVENTED = 0.55  # of the names, streets, towns and sites of training


class PiiConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    seed: int = Field(2026, ge=0, description="of what is drawn: another seed, other texts")
    texts: int = Field(
        20000, ge=160, description="to train on; a twentieth as many valid and a tenth test ones"
    )


@register("reader", "pii")
class Pii(BaseReader):
    """The built-in data set, which needs no files: its path is None."""

    Config: ClassVar[type[BaseModel]] = PiiConfig
    needs_files: ClassVar[bool] = False

    def __init__(self, config: PiiConfig) -> None:
        self.config = config

    def read(self, path: Path | None = None, split: str = "train") -> Iterator[Example]:
        """Give the examples of a split, in a fixed order that mixes locales and registers."""
        if path is not None:
            raise EdgetextError(f"{path}: data type pii reads no file; leave the path out")
        return iter(data_set(self.config.seed, self.config.texts)[split])


@cache
def load() -> tuple[Grammar, Grammar, Grammar]:
    """Read the patterns, the labels of fields and the values that edgetext ships."""
    folder = resources.files("edgetext.data.pii")
    values, labels = (
        read_values(folder.joinpath(name).read_text("utf-8"), name)
        for name in ("values.txt", "labels.txt")
    )
    names = {*ENTITIES, *_FORMS, *_MADE_UP, *WORDS, *values.seen}
    text = folder.joinpath("patterns.txt").read_text("utf-8")
    return read_patterns(text, "patterns.txt", names), labels, values


@cache
def data_set(seed: int, texts: int) -> dict[str, list[Example]]:
    """Make all splits, the same on every machine."""
    taken: set[str] = set()
    splits = {}
    for split, count in (("train", texts), ("valid", texts // 20), ("test", texts // 10)):
        rng = random.Random(f"{seed} {split}")
        splits[split] = examples_of(writers_of(split, rng), split, count, rng, taken)
    return splits


def writers_of(split: str, rng: random.Random) -> list[Writer]:
    """Make the writers of a split, one a locale."""
    patterns, labels, values = load()
    is_test = split == "test"
    half = "unseen" if is_test else "seen"
    return [
        Writer(
            Values(locale, getattr(values, half), rng, 0 if is_test else _INVENTED),
            getattr(patterns, half),
            getattr(labels, half),
            rng,
            mixed=not is_test,
        )
        for locale in LOCALES
    ]


def examples_of(
    writers: Sequence[Writer], split: str, count: int, rng: random.Random, taken: set[str]
) -> list[Example]:
    """Write so many texts that are not in `taken`, all locales and registers in turn, shuffled."""
    registers = [name for name, share in SHARES.items() for _ in range(share)]
    rng.shuffle(registers)
    written = []
    for number in range(count):
        writer = writers[number % len(writers)]
        register = registers[number // len(writers) % len(registers)]
        parts = writer.text(register, taken)
        written.append((parts, f"pii:{split}:{register}:{writer.values.locale.code}"))
    rng.shuffle(written)
    return [
        as_example(parts, None, f"{source}:{n}")
        for n, (parts, source) in enumerate(written, start=1)
    ]
