"""A target: a runtime, the files that it runs, and what is done with them.

A target is one folder of `edgetext.targets` whose module `target` registers a class of kind
`target`, or a class of a user's own module. These classes are light: sessions, writers and
profilers are modules of their own, imported when they are used, so that a process that answers
texts or is measured holds its own runtime alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.targets.file_format import FileFormat

if TYPE_CHECKING:
    from edgetext.model.contract import GoldenExample, Metadata
    from edgetext.model.header import Header
    from edgetext.model.model import Model
    from edgetext.targets.needs import Needs
    from edgetext.targets.releases import Releases
    from edgetext.tasks.prediction import Prediction

Arrays = tuple[np.ndarray, ...]
# uint8[1, n] of each text that the task reads, such as may be written into.
Question = Sequence[np.ndarray]
Call = Callable[[], object]
# (operator, calls an answer, microseconds an answer), the longest time first.
Operators = list[tuple[str, int, float]]
Counts = dict[str, float]
# What `inspect` calls the parts that files of every kind have.
TEXT_GRAPH, DESCRIBED = "text graph", "metadata and golden examples"


class Session(Protocol):
    """A loaded model.

    run(text uint8[1, n], and text_b uint8[1, m] where the task reads two, which may be read-only)
    -> the task's outputs, as scores float32[1, C], spans int32[1, S, 3] and, last, truncated
    int32[1].
    """

    metadata: Metadata
    golden: list[GoldenExample]

    def run(self, *texts: np.ndarray) -> Arrays: ...


@dataclass(frozen=True, slots=True)
class Way:
    """One way of running a target's files that is measured apart.

    name: how rows and charts call it. network: its network can be timed without what reads the
    text; scores: and without what makes an answer of the scores. counted: its files tell what they
    multiply and move. slow: it takes most of a minute to start, so that a quick run leaves it out.
    separate: it needs a file of its own, which is written for the run.
    """

    name: str
    network: bool = True
    scores: bool = False
    counted: bool = False
    slow: bool = False
    separate: bool = False


class Target(ABC):
    """What edgetext asks of a runtime. Only `open` must be there.

    name: as it is registered and as `load(path, runtime=...)` takes it. title: as tables show it.
    formats: the files that are its own, the one that `export` writes first; of these it is the
    default runtime. folder_suffix: how the folder ends that `export` writes where the runtime takes
    no file. edition: of a target that writes another one's files in a form of its own, what
    follows a file's name. also_opens: suffixes of other targets' files, which it opens when it is
    named. label: the `runtime` of the metadata of its files. releases: which of its releases they
    are for; package: the Python package that it is, where these do not say.
    deployments: the values of `export --target` that its files belong to, besides its own name.
    ways: how its files are measured, the first as `load` runs them. concurrent: whether a session
    answers several threads at once. batches: whether it writes batch files.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formats: ClassVar[tuple[FileFormat, ...]] = ()
    folder_suffix: ClassVar[str] = ""
    edition: ClassVar[str] = ""
    also_opens: ClassVar[tuple[str, ...]] = ()
    label: ClassVar[str] = ""
    releases: ClassVar[Releases | None] = None
    package: ClassVar[str] = ""
    deployments: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[tuple[Way, ...]] = ()
    concurrent: ClassVar[bool] = False
    batches: ClassVar[bool] = False

    @abstractmethod
    def open(self, path: Path, content: bytes, threads: int) -> Session:
        """Load a file, whose seal is right; EdgetextError where the runtime cannot read it."""

    def check(self, header: Header, source: str) -> None:
        """Raise EdgetextError for a network that the runtime cannot hold, before one is written."""
        return

    def runs(self, encoder: str) -> bool:
        """Tell whether the runtime can hold networks with an encoder of this type."""
        return True

    def write(self, suffix: str, model: Model, texts: Mapping[str, str], way: str = "") -> bytes:
        """Return the unsealed bytes of a file of one of `formats`.

        model: it stays as it is, since other files are written from it. texts: what the file says
        of itself, by name (model.contract). way: the name of a separate way, where the file is not
        for all.
        """
        raise EdgetextError(f"{self.title}: edgetext only opens files in it and writes none")

    def write_batch(self, suffix: str, model: Model, texts: Mapping[str, str]) -> bytes:
        """Return what `write` does, of a file that answers several texts in a run; only where it
        `batches`."""
        raise NotImplementedError

    def write_folder(self, folder: Path, model: Model, texts: Mapping[str, str]) -> None:
        """Write what `write` returns as a folder, which is not there yet; only of a target with a
        `folder_suffix`."""
        raise NotImplementedError

    def measures(self, path: Path) -> bool:
        """Tell whether its ways are those of a file, too, that it also opens."""
        return False

    def fields(self) -> dict[str, Any]:
        """Return what the metadata of its files says beside what those of all say."""
        return {}

    def converted(self, suffix: str, contents: Mapping[str, bytes]) -> bytes | None:
        """Return the unsealed bytes of a file of one of `formats`, made of one that was written of
        the same model with the same texts; None where none of them will do.

        contents: what was written, unsealed, by suffix.
        """
        return None

    def beside(self, suffix: str, content: bytes) -> dict[str, str]:
        """Return the texts that go beside a written file, by the suffix that takes its own's
        place."""
        return {}

    def card_note(self, max_bytes: int) -> str:
        """Return what a model card says of calling such a file, over what holds for all."""
        return ""

    def anatomy(self, path: Path, session: Session) -> list[tuple[str, int]]:
        """Return (what, bytes) of the parts of a file, the largest first; what is left out of the
        sum is the file's structure."""
        return []

    def needs(self, path: Path) -> Needs | None:
        """Return which operators and kernels of the runtime a file needs; None where that is not
        told."""
        return None

    def facts(self, path: Path) -> dict[str, Any]:
        """Return what `inspect` shows of a file over its metadata."""
        return {}

    def start(self, way: str, threads: int) -> None:
        """Import the runtime and set its threads, so that this is timed apart from loading."""
        return

    def tune(self, session: Session, way: str) -> None:
        """Make a loaded session what the way says."""
        return

    def batch(
        self, path: Path, session: Session
    ) -> Callable[[Sequence[Sequence[str]]], Sequence[Prediction]] | None:
        """Return what answers several questions in one call; None where the runtime takes one."""
        return None

    def profile(self, path: Path, session: Session, question: Question) -> tuple[Operators, str]:
        """Return where the time of one answer goes, and a note on how it was found.

        Nothing is found where the runtime does not tell; the note says so.
        """
        return [], f"{self.title}'s operators are not timed"

    def work(self, path: Path, session: Session, questions: Sequence[Question]) -> list[Counts]:
        """Return what each answer takes: int8_macs, fp32_macs, bytes and operators.

        Only of the ways that are `counted`.
        """
        raise NotImplementedError

    def network(
        self, path: Path, session: Session, threads: int, decoded: bool
    ) -> Callable[[Question], Call]:
        """Return what makes of a question a call of the network alone, its pieces being ready.

        decoded: to the answer; else to the scores. Only of the ways that have `network`.
        """
        raise NotImplementedError
