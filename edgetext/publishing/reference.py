"""How a version of a repository is named: REPOSITORY#NAME@REF."""

from __future__ import annotations

import re
from dataclasses import dataclass

from edgetext.core.errors import EdgetextError

# As an address has it, and no word that a path means something else by.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
STAGE = re.compile(r"[a-z][a-z0-9-]{0,49}")
# What is a version, or the beginning of one: the SHA-256 of a file in hexadecimal.
VERSION = re.compile(r"[0-9a-f]{6,64}")
# Characters of a version where it is shown.
SHORT = 12


@dataclass(frozen=True, slots=True)
class Reference:
    """One model of a repository, or one version of it.

    repository: a folder or an address. name: the model's. ref: a stage or the beginning of a
    version; "" where none is given.
    """

    repository: str
    name: str
    ref: str = ""

    def __str__(self) -> str:
        return f"{self.repository}#{self.name}" + (f"@{self.ref}" if self.ref else "")

    @property
    def is_version(self) -> bool:
        """Tell whether it names a version, which never is another one, and not a stage."""
        return VERSION.fullmatch(self.ref) is not None


def read_reference(word: str, *, needs_ref: bool = True) -> Reference:
    """Read REPOSITORY#NAME@REF; EdgetextError where it is none.

    needs_ref: whether `@REF` must be there.
    """
    repository, mark, rest = word.rpartition("#")
    name, at, ref = rest.partition("@")
    if not (mark and repository and name) or (needs_ref and not ref) or (at and not ref):
        form = "REPOSITORY#NAME@STAGE, or @ and a version" if needs_ref else "REPOSITORY#NAME"
        raise EdgetextError(f"{word}: this names no published model; give it as {form}")
    check_name(name, word)
    if ref and not VERSION.fullmatch(ref):
        check_stage(ref, word)
    return Reference(repository, name, ref)


def check_name(name: str, source: str) -> None:
    """Raise EdgetextError where this cannot be the name of a model."""
    if not NAME.fullmatch(name):
        raise EdgetextError(
            f"{source}: {name!r} cannot be a model's name; give one of up to 100 letters, digits "
            "and . _ ~ - that begins with a letter or digit (publish --name)"
        )


def check_stage(stage: str, source: str) -> None:
    """Raise EdgetextError where this cannot be the name of a stage."""
    if not STAGE.fullmatch(stage) or VERSION.fullmatch(stage):
        raise EdgetextError(
            f"{source}: {stage!r} is neither a version (6 or more hexadecimal digits) nor a "
            "stage's name, which has small letters, digits and - and begins with a letter, as "
            "production"
        )


def short(version: str) -> str:
    """Give a version as it is shown."""
    return version[:SHORT]
