"""The rules of text.unicode, worked out beforehand and stored beside this module.

Asking the Rust library of each character takes 2 s of every command that builds a text graph.
`python -m edgetext.text.unicode` writes the table anew. A test holds it to the library that is
installed; a release of which the table is not is asked as before.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np

from edgetext.core.files import write_bytes
from edgetext.text.character_rules import END, NONE, CharacterRule, CharacterRules

PATH = Path(__file__).with_name("unicode_table.npz")
# The combinations of lowercase and strip_accents that vocabularies have.
CHOICES = ((True, True), (True, False), (False, False))
# Between texts; no character is replaced by it.
_BETWEEN = "\0"

# Code point → (kind, text that replaces it).
Rules = dict[int, tuple[int, str]]


def release() -> str:
    """Name the release of the library that is installed."""
    return metadata.version("tokenizers")


def stored(points: Sequence[int], lowercase: bool, strip_accents: bool) -> CharacterRules | None:
    """Read the rules of some code points; None where the table has none of this release or choice.

    points: those that the table was written for, in the same order.
    """
    name = _name(lowercase, strip_accents)
    with np.load(PATH, allow_pickle=False) as table:
        if str(table["release"]) != release() or f"kind_{name}" not in table:
            return None
        kinds, changed = table[f"kind_{name}"], table[f"changed_{name}"].tolist()
        texts = bytes(table[f"text_{name}"]).decode("utf-8").split(_BETWEEN)
    of_points = np.full(END, NONE, np.uint8)
    of_points[np.fromiter(points, np.int64, len(points))] = kinds
    replaced = {
        point: CharacterRule(kind, text)
        for point, kind, text in zip(changed, of_points[changed].tolist(), texts, strict=True)
    }
    of_points[changed] = NONE
    return CharacterRules(of_points, replaced)


def write(points: Sequence[int], choices: Mapping[tuple[bool, bool], Rules]) -> None:
    """Write the table of the installed release, the same bytes for the same rules."""
    arrays: dict[str, np.ndarray] = {"release": np.array(release())}
    for choice, rules in choices.items():
        name = _name(*choice)
        kinds = [rules[point][0] if point in rules else NONE for point in points]
        changed = [point for point, (_, text) in rules.items() if text != chr(point)]
        texts = _BETWEEN.join(rules[point][1] for point in changed)
        arrays[f"kind_{name}"] = np.array(kinds, np.uint8)
        arrays[f"changed_{name}"] = np.array(changed, np.int32)
        arrays[f"text_{name}"] = np.frombuffer(texts.encode("utf-8"), np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)  # type: ignore[arg-type]
    write_bytes(PATH, content.getvalue())


def _name(lowercase: bool, strip_accents: bool) -> str:
    return f"{'lower' if lowercase else 'cased'}_{'bare' if strip_accents else 'accents'}"
