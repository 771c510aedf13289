"""The texts that engines and hosts are asked: ordinary ones, edge cases by name, and seeded odd
ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ODD = 500
SEED = 1
# Beside the checkpoint's own examples, in case it has few.
COMMON = ["hello", "thank you", "What time is it?", "7:30", "Björk in Zürich", "東京 天気 👍🏽"]
NO_WORD = [b"", b" ", b"\n\t ", b" " * 40, "\u200b".encode(), "\u3000".encode(), b"\x00"]
ONE_BYTE = [b"a", b"Z", b"7", b"?", b"\x7f", b"\xff", b"\x80", b"\xc3"]
BAD = [
    b"\xff\xfe", b"caf\xc3", b"\xed\xa0\x80 x", b"play \xf0\x9f\x98", b"\xc0\x80", b"a\x80\x80b",
    b"\xf5\x80\x80\x80", b"\xe2\x82 and on",
]  # fmt: skip
# One range of characters each: Latin and Greek, Cyrillic, Arabic, Devanagari, Thai, kana, Chinese,
# Korean, combining marks, punctuation and signs, emoji.
RANGES = [
    (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F),
    (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x300, 0x36F), (0x2000, 0x2BFF),
    (0x1F300, 0x1FAFF),
]  # fmt: skip
# Marks that stand on the character before them: accents, of Hebrew, Arabic, Devanagari, Thai,
# around it, kana's.
MARKS = [
    (0x300, 0x36F), (0x5B0, 0x5BC), (0x64B, 0x652), (0x93A, 0x94D), (0xE31, 0xE3A),
    (0x20D0, 0x20DC), (0x3099, 0x309A),
]  # fmt: skip
# Controls of ASCII and Latin-1, joiners and marks of direction, line ends, a BOM, noncharacters.
CONTROLS = [
    (0x00, 0x1F), (0x7F, 0x9F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x2069),
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFF),
]  # fmt: skip
FACES = [(0x1F300, 0x1F5FF), (0x1F600, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF)]
# What an emoji of several code points is joined by, or ends in: joiner, variation selectors, skin
# tones, a key's frame.
JOINTS = ["\u200d", "\ufe0f", "\ufe0e", "\U0001f3fb", "\U0001f3fd", "\U0001f3ff", "\u20e3"]
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
SPACES = " \t\n\r\u00a0\u2003\u200b\u3000"
Make = Callable[[random.Random, Sequence[bytes], int], bytes]
Sorts = Mapping[str, Make]


@dataclass(frozen=True, slots=True)
class Question:
    """kind: what sort of text it is, in words. texts: as many as the task reads, in bytes."""

    kind: str
    texts: tuple[bytes, ...]


def questions(
    examples: Sequence[Sequence[str]],
    max_bytes: int,
    inputs: int,
    odd: int = ODD,
    more: Sequence[bytes] = (),
    *,
    seed: int = SEED,
    sorts: Sorts | None = None,
) -> list[Question]:
    """What a model is asked, equal for equal arguments.

    examples: the model's own, each of `inputs` texts (1 or 2). max_bytes: how much of a text it
    reads. odd: how many texts there are beside the fixed ones, by turns of `sorts` (by default
    ODD_TEXTS); more: further fixed ones. A question of two texts has the edge case in the one, then
    in the other, and an ordinary text beside it.
    """
    generator = random.Random(seed)
    sorts = ODD_TEXTS if sorts is None else sorts
    ordinary = [part.encode() for example in examples for part in example]
    ordinary += [text.encode() for text in COMMON]
    asked = [
        Question("an ordinary text", tuple(part.encode() for part in example))
        for example in examples
    ]
    single = [("an ordinary text", text.encode()) for text in COMMON]
    single += _edge_cases(ordinary, max_bytes)
    single += [("a text given", text) for text in more]
    names = list(sorts)
    for i in range(odd):
        name = names[i % len(names)]
        single.append((name, sorts[name](generator, ordinary, max_bytes)))
    for i, (kind, text) in enumerate(single):
        beside = generator.choice(ordinary)
        pair = (text, beside) if i % 2 else (beside, text)
        asked.append(Question(kind, pair if inputs == 2 else (text,)))
    return asked


def _edge_cases(ordinary: Sequence[bytes], max_bytes: int) -> list[tuple[str, bytes]]:
    cases = [("a text without a word", text) for text in NO_WORD]
    cases += [("a text of one byte", text) for text in ONE_BYTE]
    cases += [("a text of bad UTF-8", text) for text in BAD]
    line = b" ".join(ordinary)
    line *= 1 + 4 * max_bytes // max(1, len(line))
    long = {
        "a text of max_bytes": [line[:max_bytes], b"a" * max_bytes],
        "a text longer than max_bytes": [
            line[: max_bytes + 1], line[: 2 * max_bytes], line[: 4 * max_bytes],
            b"x" * (max_bytes + 40), b"?" * (max_bytes + 1),
            # The cut falls into a character.
            b"a" * (max_bytes - 1) + "é".encode() + b" b", "東".encode() * max_bytes,
        ],
        "a text without a word, longer than max_bytes": [b" " * (max_bytes + 40)],
    }  # fmt: skip
    return cases + [(kind, text) for kind, texts in long.items() for text in texts]


def _random_bytes(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    return generator.randbytes(generator.randint(1, 80))


def _characters(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """Words of one script or of several."""
    chosen = generator.sample(RANGES, generator.randint(1, 3))
    words = [
        "".join(chr(generator.randint(*generator.choice(chosen))) for _ in range(size))
        for size in (generator.randint(1, 8) for _ in range(generator.randint(1, 8)))
    ]
    return " ".join(words).encode("utf-8", "replace")


def _changed(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """An ordinary text in which characters are lost, doubled, swapped or in the other case."""
    characters = list(generator.choice(ordinary).decode())
    for _ in range(generator.randint(1, 4)):
        if not characters:
            break
        at = generator.randrange(len(characters))
        one = characters[at]
        characters[at : at + 1] = generator.choice([[], [one, one], [one.swapcase()], [" "]])
    return "".join(characters).encode()


def _shuffled(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """The words of two ordinary texts in another order."""
    words = b" ".join(generator.choices(ordinary, k=2)).split()
    generator.shuffle(words)
    return b" ".join(words)


def _spoilt(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """An ordinary text with bytes in it that are no UTF-8."""
    data = bytearray(generator.choice(ordinary))
    for _ in range(generator.randint(1, 3)):
        data.insert(generator.randint(0, len(data)), generator.randint(0x80, 0xFF))
    return bytes(data)


def _signs(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    return "".join(generator.choices(SIGNS + "0123456789 ", k=generator.randint(1, 40))).encode()


def _spaced(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """Spaces of every sort, and in half of the texts one letter."""
    text = "".join(generator.choices(SPACES, k=generator.randint(1, 30)))
    return (text + generator.choice(["", "a"])).encode()


def _long(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """Ordinary texts one behind the other, from half of what is read to more than that."""
    size = generator.randint(max_bytes // 2, max_bytes + max_bytes // 2)
    data = b""
    while len(data) < size:
        data += generator.choice(ordinary) + generator.choice([b" ", b". ", b"\n"])
    return data[:size]


def _one_byte(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    return generator.randbytes(1)


def _spliced(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """The first words of one ordinary text and the last of another."""
    head, tail = (text.split() or [b"a"] for text in generator.choices(ordinary, k=2))
    kept = head[: generator.randint(1, len(head))] + tail[generator.randrange(len(tail)) :]
    return b" ".join(kept)


def _marked(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """An ordinary text with up to four combining marks on some characters, or before all."""
    characters = list(generator.choice(ordinary).decode())
    for _ in range(generator.randint(1, 6)):
        marks = "".join(_character(generator, MARKS) for _ in range(generator.randint(1, 4)))
        characters.insert(generator.randint(0, len(characters)), marks)
    return "".join(characters).encode()


def _controlled(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """An ordinary text with control and format characters in it."""
    characters = list(generator.choice(ordinary).decode())
    for _ in range(generator.randint(1, 6)):
        characters.insert(generator.randint(0, len(characters)), _character(generator, CONTROLS))
    return "".join(characters).encode()


def _emoji(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """Emoji, many of several code points, flags among them, alone or behind an ordinary text."""
    signs = []
    for _ in range(generator.randint(1, 8)):
        sign = _character(generator, FACES)
        for _ in range(generator.randint(0, 3)):
            sign += generator.choice(JOINTS) + generator.choice(["", _character(generator, FACES)])
        flag = "".join(chr(generator.randint(0x1F1E6, 0x1F1FF)) for _ in range(2))
        signs.append(generator.choice([sign, sign, flag]))
    text = generator.choice(["", " "]).join(signs).encode()
    return generator.choice([text, generator.choice(ordinary) + b" " + text])


def _very_long(generator: random.Random, ordinary: Sequence[bytes], max_bytes: int) -> bytes:
    """Ordinary texts one behind the other, many times as long as what is read."""
    line = b" ".join(generator.choices(ordinary, k=20)) + b" "
    size = max_bytes * generator.randint(4, 20) + generator.randint(0, 3)
    return (line * (1 + size // len(line)))[:size]


def _character(generator: random.Random, ranges: Sequence[tuple[int, int]]) -> str:
    return chr(generator.randint(*generator.choice(ranges)))


# Of which the matrix of hosts takes its texts.
ODD_TEXTS: dict[str, Make] = {
    "random bytes": _random_bytes,
    "words of other scripts": _characters,
    "an ordinary text with typos": _changed,
    "shuffled words": _shuffled,
    "an ordinary text with bad bytes": _spoilt,
    "signs and digits": _signs,
    "spaces of every sort": _spaced,
    "a long text": _long,
}
# Of which `edgetext conformance` does.
EVERY_SORT: dict[str, Make] = {
    **ODD_TEXTS,
    "ordinary texts spliced": _spliced,
    "an ordinary text with combining marks": _marked,
    "an ordinary text with control characters": _controlled,
    "emoji": _emoji,
    "one byte": _one_byte,
    "a very long text": _very_long,
}
