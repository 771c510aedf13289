"""A piece of a text by where it stands: bytes, code points and the words themselves."""

from __future__ import annotations

from typing import Any

from edgetext.core.errors import EdgetextError


class TextRange:
    """What stands at bytes `start` to `end` of a text's UTF-8 form, `end` exclusive.

    content: the whole text in UTF-8; None where it is not known, as for the spans of an example,
    whose text is the example's. Code points are those of the content decoded with
    errors="replace", as Python's str counts them: an emoji of one code point is one, a letter and a
    combining mark after it are two, and what is no UTF-8 is U+FFFD, one for each that Python puts
    there. They are counted when they are asked for.
    """

    __slots__ = ()

    start: int
    end: int
    content: bytes | None

    @property
    def char_start(self) -> int:
        """The number of code points before the range; EdgetextError without content."""
        return len(decoded(self._known()[: self.start]))

    @property
    def char_end(self) -> int:
        """The number of code points up to the end of the range; EdgetextError without content.

        An `end` inside of a character, where a text was cut, counts that character.
        """
        return len(decoded(self._known()[: self.end]))

    @property
    def text(self) -> str:
        """What stands there, decoded; EdgetextError without content."""
        return decoded(self._known()[self.start : self.end])

    def place(self, content: bytes) -> dict[str, Any]:
        """Give as JSON values where in `content` the range is, and what stands there."""
        start, end = self.start, self.end
        words = content[start:end].decode("utf-8", "replace")
        before = start if content.isascii() else len(decoded(content[:start]))
        return {
            "start": start,
            "end": end,
            "char_start": before,
            "char_end": before + len(words),
            "text": words,
        }

    def _known(self) -> bytes:
        if self.content is None:
            raise EdgetextError(
                f"bytes {self.start} to {self.end} are of a text that is not kept with them; take "
                "char_start, char_end and text of an answer of `predict`, or decode the text"
            )
        return self.content


def decoded(data: bytes) -> str:
    """Decode UTF-8, U+FFFD in the place of what is none."""
    return data.decode("utf-8", "replace")
