"""Texts of patterns, labels and values, in the registers chat, mail, form and log."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import CHOICE, REFERENCE, Table
from edgetext.data.assistant.sentences import Part
from edgetext.data.pii.values import Values

# How many of a hundred texts are of a register; `none` holds no personal data.
SHARES = {"chat": 28, "mail": 27, "form": 22, "log": 16, "none": 7}
ENTITIES = (
    "PERSON", "ADDRESS", "EMAIL", "PHONE", "DATE_OF_BIRTH", "CARD", "IBAN", "PASSPORT", "TAX_ID",
    "IP", "MAC", "URL", "USERNAME", "KEY",
)  # fmt: skip
_TECHNICAL = ENTITIES[9:]
_TRIES = 200


class Writer:
    """Writes texts of one split in one locale.

    patterns, labels: by their names, those of training or the unseen ones.
    """

    def __init__(self, values: Values, patterns: Table, labels: Table, rng: random.Random) -> None:
        self.values = values
        self.patterns = patterns
        self.labels = labels
        self.rng = rng
        self._turns: dict[str, list[str]] = {}

    def text(self, register: str, taken: set[str]) -> list[Part]:
        """Write a text whose words are not in `taken`, which they join."""
        for _ in range(_TRIES):
            parts = self._form() if register == "form" else self._said(register)
            words = "".join(text for text, _ in parts).casefold()
            if words not in taken:
                taken.add(words)
                return parts
        raise EdgetextError(f"patterns.txt: {register} makes too few different texts; add patterns")

    def _said(self, register: str) -> list[Part]:
        name = register if register == "log" else f"{self.values.locale.language}_{register}"
        parts = self._sentence(name)
        if register in ("chat", "mail") and self.rng.random() < 0.25:
            other = name if self.rng.random() < 0.7 else f"{self.values.locale.language}_none"
            ended = parts[-1][0][-1:] in ".:!?"
            between = " " if ended else self.rng.choice((". ", ", ", " – ", " / ", "; "))
            parts = [*parts, (between, None), *self._sentence(other)]
        if self.rng.random() < 0.4 and parts[0][1] is None:
            parts[0] = (parts[0][0][:1].upper() + parts[0][0][1:], None)
        if register == "chat" and self.rng.random() < 0.2 and parts[-1][0][-1:].isalnum():
            parts.append((self.rng.choice((".", "!", "!!", " :)", "...")), None))
        return parts

    def _sentence(self, name: str) -> list[Part]:
        """Fill a pattern; each of its section has its turn as often as the others."""
        turns = self._turns.setdefault(name, [])
        if not turns:
            turns += self.rng.sample(self.patterns[name], len(self.patterns[name]))
        return self._filled(_chosen(turns.pop(), self.rng))

    def _filled(self, pattern: str) -> list[Part]:
        parts: list[Part] = []
        read = 0
        for match in REFERENCE.finditer(pattern):
            parts.append((pattern[read : match.start()], None))
            if match["words"]:
                parts.append((self.values.words(match["words"]), None))
            else:
                parts.append((self.values.entity(match["pool"] or match["slot"]), match["slot"]))
            read = match.end()
        return _joined([*parts, (pattern[read:], None)])

    def _form(self) -> list[Part]:
        """Some fields of a form on one line, among them such as hold nothing personal."""
        entities = self.rng.sample(ENTITIES, self.rng.choice((1, 1, 2, 2, 3, 4)))
        after = self.rng.choice((": ", ": ", ": ", ":", " = ", "=", " - ", "\t", " : "))
        between = self.rng.choice(("; ", " | ", ", ", "  ", " / ", "\t"))
        parts: list[Part] = []
        for entity in entities:
            if parts:
                parts.append((between, None))
            parts.append((self._label(entity) + after, None))
            parts.append((self.values.entity(entity), entity))
            if self.rng.random() < 0.2:
                field = self._sentence(f"{self.values.locale.language}_field")
                parts += [(between, None), *field]
        if self.rng.random() < 0.2:
            field = self._sentence(f"{self.values.locale.language}_field")
            parts = [*field, (between, None), *parts]
        return _joined(parts)

    def _label(self, entity: str) -> str:
        name = entity if entity in _TECHNICAL else f"{entity}_{self.values.locale.language}"
        label = self.rng.choice(self.labels[name])
        return label.upper() if self.rng.random() < 0.08 else label


def _chosen(pattern: str, rng: random.Random) -> str:
    """The pattern with its choices made, the inner ones first."""
    while match := CHOICE.search(pattern):
        options = ["", match[1]] if match[1] is not None else match[2].split("|")
        pattern = pattern[: match.start()] + rng.choice(options) + pattern[match.end() :]
    return re.sub(r"  +", " ", pattern).strip()


def _joined(parts: Sequence[Part]) -> list[Part]:
    """The parts that hold something, neighbors without an entity as one."""
    whole: list[Part] = []
    for text, entity in parts:
        if text and whole and entity is None and whole[-1][1] is None:
            whole[-1] = (whole[-1][0] + text, None)
        elif text:
            whole.append((text, entity))
    return whole
