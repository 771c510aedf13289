"""Texts of patterns, labels and values, in the registers chat, mail, form and log."""

from __future__ import annotations

import random
from collections.abc import Sequence

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import REFERENCE, Table
from edgetext.data.assistant.sentences import Part, chosen
from edgetext.data.pii import technical
from edgetext.data.pii.values import Values

# Entities that are known by themselves, whatever stands around them.
_PLAIN = (
    "PERSON", "PERSON", "PERSON", "ADDRESS", "EMAIL", "PHONE", "CARD", "IBAN", "IP", "MAC", "URL",
    "KEY",
)  # fmt: skip
_AROUND = ("{}", "{}", "{}", "{},", ": {}", '"{}"', "- {}", "<par>{}<end>")
# How forms write the labels of their fields besides, so that the value is told by more than these.
_MARKED = (
    "{} *", "* {}", "{} 1", "2. {}", "{} (2)", "{0} ({1})", "{0} {1}", "{1} {0}", "{0}-{1}",
    "{0} / {1}",
)  # fmt: skip
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

    patterns, labels: by their names, those of training or the unseen ones. mixed: put half of what
    is said together anew, of short phrases and of entities in any sentence, so that a network sees
    more contexts than there are patterns.
    """

    def __init__(
        self, values: Values, patterns: Table, labels: Table, rng: random.Random, mixed: bool
    ) -> None:
        self.values = values
        self.patterns = patterns
        self.labels = labels
        self.rng = rng
        self.mixed = mixed
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
        if self.mixed and register != "log" and self.rng.random() < 0.55:
            parts = self._mixed(register == "none")
        else:
            parts = self._sentence(name)
        if register in ("chat", "mail") and self.rng.random() < 0.25:
            other = name if self.rng.random() < 0.7 else f"{self.values.locale.language}_none"
            parts = [*parts, (self._between(parts), None), *self._sentence(other)]
        if self.rng.random() < 0.4 and parts[0][1] is None:
            parts[0] = (parts[0][0][:1].upper() + parts[0][0][1:], None)
        if register == "chat" and self.rng.random() < 0.2 and parts[-1][0][-1:].isalnum():
            parts.append((self.rng.choice((".", "!", "!!", " :)", "...")), None))
        return parts

    def _mixed(self, bare: bool) -> list[Part]:
        """Put one to three phrases or sentences together; bare: such as hold no entity."""
        parts: list[Part] = []
        for _ in range(self.rng.choice((1, 2, 2, 3))):
            if parts:
                parts.append((self._between(parts), None))
            if not bare and self.rng.random() < 0.6:
                parts += self._sentence(f"{self.values.locale.language}_cue")
            else:
                parts += self._filled(self._plain(bare or self.rng.random() < 0.4))
        return _joined(parts)

    def _plain(self, bare: bool) -> str:
        """Draw a part of a sentence; not bare: with an entity at any of its words."""
        words = self._turn(f"{self.values.locale.language}_plain").split()
        if self.rng.random() < 0.5:
            begin = self.rng.randrange(len(words))
            words = words[begin : begin + self.rng.randint(2, 8)]
        # A word that nobody knows is no name for that.
        words = [self._unknown(word) if self.rng.random() < 0.08 else word for word in words]
        if self.rng.random() < 0.12:
            words = [word[:1].upper() + word[1:] for word in words]
        if not bare:
            form = self.rng.choice(_AROUND)
            at = self.rng.randint(0, len(words))
            words.insert(at, form.format(f"{{{self.rng.choice(_PLAIN)}}}"))
        return " ".join(words)

    def _unknown(self, like: str) -> str:
        made_up = technical.word(self.rng)
        return made_up.title() if like[:1].isupper() else made_up

    def _between(self, parts: Sequence[Part]) -> str:
        ended = parts[-1][0][-1:] in ".:!?"
        return " " if ended else self.rng.choice((". ", ", ", " – ", " / ", "; ", " "))

    def _turn(self, name: str) -> str:
        """Draw a pattern; each of its section has its turn as often as the others."""
        turns = self._turns.setdefault(name, [])
        if not turns:
            turns += self.rng.sample(self.patterns[name], len(self.patterns[name]))
        return turns.pop()

    def _sentence(self, name: str) -> list[Part]:
        """Fill a pattern of a section."""
        return self._filled(chosen(self._turn(name), self.rng))

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
        if self.mixed and self.rng.random() < 0.15:
            label = self.rng.choice(_MARKED).format(label, technical.word(self.rng))
        return label.upper() if self.rng.random() < 0.08 else label


def _joined(parts: Sequence[Part]) -> list[Part]:
    """The parts that hold something, neighbors without an entity as one."""
    whole: list[Part] = []
    for text, entity in parts:
        if text and whole and entity is None and whole[-1][1] is None:
            whole[-1] = (whole[-1][0] + text, None)
        elif text:
            whole.append((text, entity))
    return whole
