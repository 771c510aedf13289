"""Make sentences of patterns and values, as a person may write them."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from edgetext.core.errors import EdgetextError
from edgetext.data.assistant.grammar import CHOICE, REFERENCE, pool_of
from edgetext.data.example import Example, Span

Pools = Mapping[str, Sequence[str]]
Part = tuple[str, str | None]  # words, and the slot when they are its value

# What a person says around a request, as often as listed here; `_POLITE` only before a verb.
_BEFORE = ("", "", "", "", "", "hey,", "okay,", "now")
_POLITE = ("", "", "", "please", "please", "can you", "could you please", "hey, can you")
_AFTER = ("", "", "", "", "", "please", "thanks", "for me")
_VERB_LIST = """
    add answer ask begin block book bring buy call cancel change connect convert cool count create
    delete dial dim drive explain find fly get give heat include invite keep let lower make message
    navigate note phone plan play put read remind remove reply reserve ring save say schedule search
    send set show shuffle start stop switch take tell text time translate turn wake write
"""
_VERBS = frozenset(_VERB_LIST.split())
_QUESTION_LIST = """
    am any are can did do have how is should what what's when where which who whose why will
"""
_QUESTIONS = frozenset(_QUESTION_LIST.split())
_VOWEL = re.compile(r"[aeiouAEIOUé]|8|11\b|18\b")


def requests(
    patterns: Sequence[str],
    pools: Pools,
    count: int,
    bare: int,
    rng: random.Random,
    taken: set[str],
) -> list[list[Part]]:
    """Make `count` requests whose words are not in `taken`, which they join.

    `bare` of them are of patterns without a slot, all of them where no pattern has one.
    """
    with_slots = [pattern for pattern in patterns if "{" in pattern]
    without = [pattern for pattern in patterns if "{" not in pattern]
    if not with_slots:
        bare = count
    return [
        *_different(with_slots, pools, count - bare, rng, taken),
        *_different(without, pools, bare, rng, taken),
    ]


def spoken(parts: Sequence[Part], rng: random.Random) -> list[Part]:
    """Add what a person adds: courtesies, a capital, a mark at the end."""
    first = parts[0][0].split()[0]
    before = rng.choice(_POLITE if first in _VERBS else _BEFORE)
    # A courtesy after a message or a task would be a part of it; after a statement it is odd.
    asks = first in _VERBS or any(slot for _, slot in parts)
    within = parts[-1][1] in ("message", "task", "phrase")
    after = rng.choice(_AFTER) if asks and not within else ""
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


def as_example(parts: Sequence[Part], intent: str | None, source: str) -> Example:
    """Put the parts of a sentence together, a span for each that is a slot's value."""
    spans = []
    at = 0
    for text, slot in parts:
        end = at + len(text.encode("utf-8"))
        if slot is not None:
            spans.append(Span(slot, at, end))
        at = end
    return Example("".join(text for text, _ in parts), intent, tuple(spans), source)


def chosen(pattern: str, rng: random.Random) -> str:
    """Draw the choices of a pattern, the inner ones first."""
    while match := CHOICE.search(pattern):
        options = ["", match[1]] if match[1] is not None else match[2].split("|")
        pattern = pattern[: match.start()] + rng.choice(options) + pattern[match.end() :]
    return " ".join(pattern.split())


def _different(
    patterns: Sequence[str], pools: Pools, count: int, rng: random.Random, taken: set[str]
) -> list[list[Part]]:
    """`count` requests with new words; each pattern has its turn as often as the others."""
    texts: list[list[Part]] = []
    order: list[str] = []
    for _ in range(100 * count if patterns else 0):
        order = order or rng.sample(patterns, len(patterns))
        parts = _filled(chosen(order.pop(), rng), pools, rng)
        words = "".join(text for text, _ in parts).casefold()
        if words not in taken:
            taken.add(words)
            texts.append(parts)
        if len(texts) == count:
            break
    else:
        if count:
            raise EdgetextError(
                f"patterns.txt: {len(patterns)} patterns of an intent {list(patterns[:1])} make "
                f"{len(texts)} of {count} different texts; add patterns or values"
            )
    return texts


def _filled(pattern: str, pools: Pools, rng: random.Random) -> list[Part]:
    """The pattern with values in its places, no value twice."""
    parts: list[Part] = []
    used: set[str] = set()
    read = 0
    for match in REFERENCE.finditer(pattern):
        value = rng.choice([value for value in pools[pool_of(match)] if value not in used])
        used.add(value)
        before = pattern[read : match.start()]
        if re.search(r"\ba $", before) and _VOWEL.match(value):
            before = before[:-1] + "n "
        parts += [(before, None), (value, match["slot"])]
        read = match.end()
    return [part for part in [*parts, (pattern[read:], None)] if part[0]]
