"""A kind of model file: its suffix, how its content is recognized, and its seal."""

from __future__ import annotations

from dataclasses import dataclass

from edgetext.model import seal


@dataclass(frozen=True, slots=True)
class FileFormat:
    """Describe the files of one suffix.

    magic: the bytes that the content has at `magic_at`; empty where only the seal tells.
    seal_prefix: what stands before the digits of the seal; empty where such files have none.
    """

    suffix: str
    magic: bytes = b""
    magic_at: int = 0
    seal_prefix: bytes = b""

    @property
    def sealed(self) -> bool:
        """Whether such files end in a seal, as all do but a checkpoint."""
        return bool(self.seal_prefix)

    def recognizes(self, content: bytes) -> bool:
        """Tell whether the content is plainly that of such a file."""
        if self.magic:
            return content[self.magic_at : self.magic_at + len(self.magic)] == self.magic
        return self.sealed and seal.is_sealed(content, self.seal_prefix)

    def seal(self, content: bytes) -> bytes:
        """Return the content with its seal behind it."""
        return content + self.seal_of(content)[0]

    def seal_of(self, content: bytes) -> tuple[bytes, str]:
        """Return the seal alone, and the SHA-256 of the content with it in hexadecimal."""
        return seal.seal_of(content, self.seal_prefix)

    def check_seal(self, content: bytes, source: str) -> None:
        """Raise EdgetextError when the file `source` is not what was sealed, or has no seal."""
        if self.sealed:
            seal.check_seal(content, self.seal_prefix, source)
