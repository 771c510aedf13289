"""A service: a folder for another program that serves models, around one `.onnx` file."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, ClassVar

from edgetext.registry import lookup, names
from edgetext.targets.onnx.target import ONNX

if TYPE_CHECKING:
    from edgetext.model.contract import Metadata

# The files that go into a folder, by their path in it.
Files = Mapping[str, bytes]
# In every such folder: by which program `export` knows it for its own.
MARK = ".edgetext-service"


@dataclass(frozen=True, slots=True)
class Served:
    """What is served. name: the stem of the file; content: its bytes; metadata: what it says."""

    name: str
    content: bytes
    metadata: Metadata

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.name + ONNX

    @property
    def label(self) -> str:
        """The name as Kubernetes takes one: small letters, digits and hyphens, a letter first."""
        label = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")[:50].strip("-")
        return label if label[:1].isalpha() else f"model-{label}".strip("-")


class Service(ABC):
    """One such program, registered as `service`. name: as `export --target` takes it.

    next_step: the command that runs what is in the folder `{folder}`.
    """

    name: ClassVar[str]
    next_step: ClassVar[str]

    @abstractmethod
    def files(self, served: Served) -> Files:
        """Give the files of the folder; EdgetextError for a model that the program cannot serve."""


def services() -> dict[str, Service]:
    """Give all of them by name."""
    known: dict[str, Service] = {name: lookup("service", name)() for name in names("service")}
    return known


def template(name: str, /, **values: str) -> bytes:
    """Read a file of this package's templates, with each `@NAME@` replaced by its value."""
    # Whoever opens a file imports this module, and needs no template.
    from importlib import resources

    path = resources.files("edgetext.targets.services").joinpath("templates", name)
    text = path.read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key.upper()}@", value)
    return text.encode("utf-8")


def under(folder: str, files: Files) -> dict[str, bytes]:
    """Give files under a folder."""
    return {str(PurePosixPath(folder) / name): content for name, content in files.items()}
