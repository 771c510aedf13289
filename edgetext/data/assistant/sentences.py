"""Make sentences of patterns and values, as a person may write them."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from edgetext.data.assistant.grammar import CHOICE, REFERENCE

Pools = Mapping[str, Sequence[str]]
Part = tuple[str, str | None]  # words, and the slot when they are its value

# What a person says around a request, as often as listed here; `_POLITE` only before a verb.
_BEFORE = ("", "", "", "", "", "hey,", "okay,", "now")
_POLITE = ("", "", "", "please", "please", "can you", "could you please", "hey, can you")
_AFTER = ("", "", "", "", "", "please", "thanks", "for me")
_VERB_LIST = """
    add ask block book bring buy call cancel change connect convert cool count create delete
    dial dim find fly get give heat include invite keep let lower make message navigate note phone
    plan play put read remind remove reply reserve ring save say schedule search send set show
    shuffle start stop switch take tell text time translate turn wake write
"""
_VERBS = frozenset(_VERB_LIST.split())
_QUESTIONS = frozenset(
    ("what", "what's", "how", "when", "is", "are", "do", "am", "will", "who", "any")
)
_VOWEL = re.compile(r"[aeiouAEIOUé]|8|11\b|18\b")


def requests(
    patterns: Sequence[str], pools: Pools, count: int, rng: random.Random, taken: set[str]
) -> list[list[Part]]:
    """Make `count` requests whose words are not in `taken`, which they join.

    Each pattern has its turn as often as the others.
    """
    made: list[list[Part]] = []
    order: list[str] = []
    while len(made) < count:
        order = order or rng.sample(patterns, len(patterns))
        parts = _filled(_chosen(order.pop(), rng), pools, rng)
        words = "".join(text for text, _ in parts).casefold()
        if words not in taken:
            taken.add(words)
            made.append(parts)
    return made


def spoken(parts: Sequence[Part], rng: random.Random) -> list[Part]:
    """Add what a person adds: courtesies, a capital, a mark at the end."""
    first = parts[0][0].split()[0]
    before = rng.choice(_POLITE if first in _VERBS else _BEFORE)
    # A courtesy after a message or a task would be a part of it.
    after = "" if parts[-1][1] in ("message", "task", "phrase") else rng.choice(_AFTER)
    if (after == "please" and after in before) or (after == "for me" and parts[0][0].count(" me ")):
        after = ""
    question = first in _QUESTIONS or "can you" in before or "could you" in before
    mark = rng.choice(("", "?") if question else ("", "", "."))
    whole: list[Part] = [(f"{before} ", None)] if before else []
    whole += [*parts, (f" {after}{mark}" if after else mark, None)]
    if rng.random() < 0.5:
        text, slot = whole[0]
        whole[0] = (text[0].upper() + text[1:], slot)
    return whole


def _chosen(pattern: str, rng: random.Random) -> str:
    """The pattern with its choices made, the inner ones first."""
    while match := CHOICE.search(pattern):
        options = ["", match[1]] if match[1] is not None else match[2].split("|")
        pattern = pattern[: match.start()] + rng.choice(options) + pattern[match.end() :]
    return " ".join(pattern.split())


def _filled(pattern: str, pools: Pools, rng: random.Random) -> list[Part]:
    """The pattern with values in its slots, no value twice."""
    parts: list[Part] = []
    used: set[str] = set()
    read = 0
    for match in REFERENCE.finditer(pattern):
        slot = match["slot"]
        value = rng.choice([v for v in pools[match["pool"] or slot] if v not in used])
        used.add(value)
        before = pattern[read : match.start()]
        if re.search(r"\ba $", before) and _VOWEL.match(value):
            before = before[:-1] + "n "
        parts += [(before, None), (value, slot)]
        read = match.end()
    return [part for part in [*parts, (pattern[read:], None)] if part[0]]
