"""What a server is told of judging models on live traffic."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.publishing.reference import Reference, read_reference
from edgetext.publishing.repository import MLFLOW

GUARDS = "agreement=0.98,errors=0.01,p99=1.5x,accuracy=-0.02"
_FORMS = {
    "agreement": r"0?\.\d+|1|1\.0*|0",
    "errors": r"0?\.\d+|0|1|1\.0*",
    "p99": r"\d+(\.\d+)?x",
    "accuracy": r"-(0?\.\d+|0|1|1\.0*)",
}
_MEANT = {
    "agreement": "a share from 0 to 1",
    "errors": "a share from 0 to 1",
    "p99": "a multiple such as 1.5x",
    "accuracy": "a difference from -1 to 0, as -0.02",
}


@dataclass(frozen=True)
class Candidate:
    """A model beside one that serves. name: that one's, None where there is but one. reference:
    where it is published; None of a file. version: of what is published, "" before it is
    fetched."""

    path: Path
    name: str | None = None
    reference: Reference | None = None
    version: str = ""


@dataclass(frozen=True)
class Fixed:
    """A published model that serves, as it is judged: the version at which its stage stood when the
    server started. path: the local file."""

    name: str
    path: Path
    version: str


@dataclass(frozen=True)
class Guards:
    """What ends a canary; None of what is not looked at.

    agreement: the least share of texts that both models answer alike. errors: the largest share of
    the candidate's requests that fail. p99: how many times the serving model's p99 the candidate's
    may be. accuracy: the least difference of the two accuracies by feedback. texts: how many texts,
    requests or judged answers there must be before one is judged by them.
    """

    agreement: float | None = None
    errors: float | None = None
    p99: float | None = None
    accuracy: float | None = None
    texts: int = 200


@dataclass(frozen=True)
class LiveSettings:
    """shadows, canaries: the candidates. sample: the share of requests that shadows see; percent:
    of those that canaries answer. state: the folder that survives a restart. keep_text: whether
    texts that are answered differently are kept. window: answers that drift is told from.
    reference: a stored /v1/evaluation, of whose reference windows drift is told instead of the
    first answers. remembered, hours: answers that feedback can be given of. nice: of the process
    that judges. run: the folder of a running server's socket and figures. published: the published
    models among those that serve."""

    shadows: tuple[Candidate, ...] = ()
    canaries: tuple[Candidate, ...] = ()
    sample: float = 0.05
    percent: float = 5.0
    guards: Guards = field(default_factory=Guards)
    state: Path | None = None
    keep_text: bool = False
    window: int = 1000
    reference: Path | None = None
    remembered: int = 100_000
    hours: float = 24.0
    nice: int = 19
    run: Path = Path()
    published: tuple[Fixed, ...] = ()

    @property
    def socket(self) -> str:
        """Give the path at which the judging process listens."""
        return str(self.run / "judge")

    @property
    def figures(self) -> Path:
        """Give the file in which it says what it knows."""
        return self.run / "evaluation.json"


def read_candidate(word: str) -> Candidate:
    """Read [NAME:]FILE or [NAME:]REPOSITORY#NAME@REF; a file whose own name has a colon or a # is
    taken as it is. EdgetextError for a word with # that names neither."""
    before, mark, rest = word.partition(":")
    # What ends with the first colon of s3://bucket and mlflow:http://host is no name.
    if not mark or Path(word).exists() or rest.startswith("//") or word.startswith(MLFLOW):
        name, model = None, word
    else:
        name, model = before, rest
    if "#" not in model or Path(model).exists():
        return Candidate(Path(model), name)
    return Candidate(Path(model), name, read_reference(model))


def read_guards(text: str, texts: int) -> Guards:
    """Read guards as in GUARDS; EdgetextError for one that is none."""
    values: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        if name not in _FORMS:
            raise EdgetextError(
                f"--guard: there is no guard {name!r}; give some of {', '.join(_FORMS)}, as in "
                f"{GUARDS}"
            )
        if name in values:
            raise EdgetextError(f"--guard: {name} is given twice; give it once")
        if not re.fullmatch(_FORMS[name], value):
            raise EdgetextError(
                f"--guard: {name} is {value!r}; give {_MEANT[name]}, as in {GUARDS}"
            )
        values[name] = float(value.removesuffix("x"))
    return Guards(**values, texts=texts)
