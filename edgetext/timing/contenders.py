"""What takes part: a file in a runtime, or a peer; text in, answer out.

A contender answers one text (`answer`) or several that are there at once (`answer_batch`). What
`answer_batch` can do differs, and every row says so (`batching`):

- a checkpoint answers a real batch: texts cut by the Rust tokenizer, padded to one matrix;
- an `.onnx` file takes one text a call: the texts are shared out to as many callers as there are
  threads, each call on one thread; a batch file answers them in one run;
- a `.pte` file takes one text a call and one caller: the texts follow one another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from edgetext.core.errors import EdgetextError
from edgetext.targets import catalog
from edgetext.targets.target import Operators, Way
from edgetext.tasks.prediction import Prediction
from edgetext.timing.texts import Question, parts

PADDED = "one padded batch, words cut by the Rust tokenizer"
SHARED_OUT = "one text a call, shared out to the threads"
IN_TURN = "one text after the other"
ONE_RUN = "texts of like lengths in one run of the file"


class Contender(Protocol):
    """batching: how `answer_batch` works, in words. `answer` takes as many texts as the task reads.
    operators: its time by operator, and a note; see operators.profile.
    """

    batching: str
    answer: Callable[..., Prediction]

    def answer_batch(self, texts: Sequence[Question]) -> Sequence[Prediction]: ...

    def operators(self, question: Question) -> tuple[Operators, str]: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender before it is loaded: `path` in `runtime`, shown as `name`.

    maker: "module:function" of (path, threads) where the runtime is not the name of a target's way.
    libraries: the modules that it needs and that are imported before it is made.
    """

    name: str
    path: str
    runtime: str
    maker: str = ""
    libraries: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Entry:
        """Read what `dataclasses.asdict` wrote, through JSON."""
        return cls(**{**fields, "libraries": tuple(fields["libraries"])})


def entries(files: Sequence[Path]) -> list[Entry]:
    """The contenders that the files give, in their order; EdgetextError for another suffix."""
    contenders = []
    names = [file.name for file in files]
    for file in files:
        if file.suffix not in catalog.measured():
            raise EdgetextError(
                f"{file}: not a model that edgetext knows; give "
                f"{catalog.in_words(catalog.measured(), 'and')} files"
            )
        name = str(file) if names.count(file.name) > 1 else file.name
        contenders += [Entry(name, str(file), way.name) for way in catalog.all_ways(file)]
    return contenders


def way_of(runtime: str) -> Way:
    """The way that an entry's runtime names, or one without a network of its own for a peer's."""
    try:
        return catalog.of_way(runtime)[1]
    except KeyError:
        return Way(runtime, network=False)


def make(entry: Entry, threads: int) -> Contender:
    """Load it into this process, whose cores and threads are set already."""
    if not entry.maker:
        return FileContender(Path(entry.path), entry.runtime, threads)
    module, _, name = entry.maker.partition(":")
    maker: Callable[..., Contender] = getattr(import_module(module), name)
    return maker(entry.path, threads)


class FileContender:
    """A model file in one of the ways of its target."""

    def __init__(self, path: Path, way: str, threads: int) -> None:
        from edgetext.predictor import load

        self.path, self.threads = path, threads
        target, _ = catalog.of_way(way)
        self.target = target
        target.start(way, threads)
        self.predictor = load(path, threads, target.name)
        target.tune(self.predictor.session, way)
        self.answer: Callable[..., Prediction] = self.predictor.predict
        self.single: Callable[..., Prediction] | None = None
        self.together = target.batch(path, self.predictor.session)
        self.batching = IN_TURN
        if self.predictor.metadata.batch:
            self.together, self.batching = self.predictor.predict_many, ONE_RUN
        elif self.together:
            self.batching = PADDED
        elif target.concurrent and threads > 1:
            self.batching = SHARED_OUT

    def operators(self, question: Question) -> tuple[Operators, str]:
        """See operators.profile, which is of use in a measuring process alone."""
        from edgetext.timing.operators import profile

        return profile(self.target, self.predictor, question)

    def answer_batch(self, texts: Sequence[Question]) -> Sequence[Prediction]:
        if self.together:
            return self.together([parts(text) for text in texts])
        if self.batching == IN_TURN:
            return [self.answer(*parts(text)) for text in texts]
        if self.single is None:
            from edgetext.predictor import load

            # Threads inside a call gain little on so small a network: the callers take them.
            self.single = load(self.path, 1, self.target.name).predict
            self.callers = ThreadPoolExecutor(self.threads)
        single = self.single
        return list(self.callers.map(lambda text: single(*parts(text)), texts))
