"""The table of letters that look like those of ASCII, worked out beforehand and stored beside this.

`python -m edgetext.text.look_alikes_table` writes it anew from Unicode's list of confusables, which
the package confusable-homoglyphs (extra `dev`) carries; a test holds it to that.

The list is made to tell whether two names look alike, not what was meant, and takes m for rn, and
I, 1 and | for l. So what is only a letter of ASCII in another style is that letter, and of several
letters one has the same case.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from edgetext.core.files import write_text
from edgetext.text.look_alikes import COMMENT, PATH, STYLED

_HEAD = f"""\
{COMMENT} What looks like a letter or digit of ASCII: script, letter, look-alikes.
{COMMENT} From confusables.txt of Unicode Technical Standard 39. Copyright (c) Unicode, Inc.,
{COMMENT} Unicode License V3, https://www.unicode.org/license.txt
"""
# Mathematical letters, full-width forms, Roman numerals. What stands in a circle is a letter, or
# the number of a note, which is left as it is.
_STYLES = ("<font>", "<wide>", "<compat>")
_FRAMED = ("<circle>", "<square>")
_LETTERS = ("Lu", "Ll", "Lo")

# character → those that it may be taken for, and of each its name
Confusables = Mapping[str, Sequence[Mapping[str, str]]]


def written(confusables: Confusables) -> str:
    """Write the table of a list of confusables, as the package has it."""
    alike = {**_confused(confusables), **_styled()}
    rows: dict[tuple[str, str], list[str]] = {}
    for character, letter in sorted(alike.items()):
        rows.setdefault((_script(character), letter), []).append(character)
    lines = (f"{script}\t{letter}\t{''.join(row)}\n" for (script, letter), row in rows.items())
    return _HEAD + "".join(sorted(lines))


def _confused(confusables: Confusables) -> dict[str, str]:
    """Letter of another script, or a rare Latin one → the letter of ASCII that it looks like."""
    candidates: dict[str, list[str]] = {}
    for letter in string.ascii_letters:
        for character in _alike(letter, confusables):
            if not character.isascii() and unicodedata.category(character) in _LETTERS:
                candidates.setdefault(character, []).append(letter)
    return {character: _likeliest(character, of) for character, of in candidates.items()}


def _alike(letter: str, confusables: Confusables) -> Iterator[str]:
    """What has the same prototype, by the list: it is named by each, and names all."""
    for other in (each["c"] for each in confusables.get(letter, ())):
        for character in (other, *(each["c"] for each in confusables.get(other, ()))):
            if len(character) == 1:
                yield character


def _likeliest(character: str, letters: Sequence[str]) -> str:
    upper = unicodedata.category(character) == "Lu"
    return next((letter for letter in letters if letter.isupper() == upper), letters[0])


def _styled() -> dict[str, str]:
    """Letters and digits of ASCII in another style → the plain one."""
    styled = {}
    for character in map(chr, range(0x80, 0x20000)):
        style, _, point = unicodedata.decomposition(character).partition(" ")
        if style not in (*_STYLES, *_FRAMED) or " " in point:
            continue
        plain = chr(int(point, 16))
        if plain.isascii() and (plain.isalpha() or (plain.isdigit() and style in _STYLES)):
            styled[character] = plain
    return styled


def _script(character: str) -> str:
    """The first word of a name is the script; of a letter in another style, the plain one's."""
    plain = unicodedata.normalize("NFKC", character)
    return STYLED if plain.isascii() else unicodedata.name(plain[0]).partition(" ")[0]


def main() -> None:
    """Write the table of the package that is installed."""
    from confusable_homoglyphs.confusables import confusables_data

    write_text(PATH, written(confusables_data))


if __name__ == "__main__":
    main()
