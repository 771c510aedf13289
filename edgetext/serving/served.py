"""A model as it is served: its name and version, what is asked of it, and who waits for it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence
from statistics import median

from edgetext.core.errors import EdgetextError
from edgetext.model.batches import pack
from edgetext.model.contract import Metadata
from edgetext.predictor import RUN, Predictor, as_array, load, runs
from edgetext.serving.settings import Limits, Settings
from edgetext.serving.waiting import BRIEF, Run, Text, Waiting
from edgetext.targets.target import Arrays
from edgetext.tasks.apart import apart
from edgetext.tasks.prediction import Prediction

# What may stand in a path without being escaped.
NAME = re.compile(r"[A-Za-z0-9._~-]+")
# Golden examples that tell how long an answer takes.
TIMED = 16


class Served:
    """One model of a server.

    version: the metadata's `model_version`, or what is given. inputs, outputs: the names of its
    texts and tensors. example: the tensors of one text, for their types and shapes.
    """

    def __init__(
        self, predictor: Predictor, name: str, limits: Limits, threaded: bool, version: str = ""
    ) -> None:
        fields = predictor.metadata.fields
        self.predictor = predictor
        self.name = name
        self.version = version or version_in(predictor.metadata)
        self.inputs: tuple[str, ...] = predictor.task.inputs
        self.outputs: tuple[str, ...] = tuple(fields.get("outputs", predictor.task.outputs))
        self.runtime = str(fields.get("runtime", "pytorch"))
        batch = predictor.metadata.batch
        self.example: Arrays = self.tensors([(b"a",) * len(self.inputs)])[0]
        at_once = min(batch, RUN) if batch else 1
        self.waiting = Waiting(name, limits.waiting, at_once, threaded, limits.longest)

    # Not kept in it: it would hold itself, and a version that is no longer served would stay until
    # garbage is collected, which a server does not do of what it started with. Jobs are compared by
    # what they ask, and bound methods are equal.
    @property
    def answers(self) -> Run:
        """Give what makes a Prediction of a text."""
        return self._answer_many if self.predictor.metadata.batch else self._answer_each

    @property
    def tensors(self) -> Run:
        """Give what makes the contract's tensors of a text."""
        return self._tensors_many if self.predictor.metadata.batch else self._tensors_each

    def _answer_each(self, texts: Sequence[Text]) -> list[Prediction]:
        return [self.predictor.predict(*text) for text in texts]

    def _answer_many(self, texts: Sequence[Text]) -> list[Prediction]:
        return self.predictor.predict_many(texts)

    def _tensors_each(self, texts: Sequence[Text]) -> list[Arrays]:
        most, keeps_end = self.predictor.metadata.max_bytes, self.predictor.task.keeps_end
        session = self.predictor.session
        return [session.run(*(as_array(part, most, keeps_end) for part in text)) for text in texts]

    def _tensors_many(self, texts: Sequence[Text]) -> list[Arrays]:
        most = self.predictor.metadata.max_bytes
        session = self.predictor.session
        each: dict[int, Arrays] = {}
        sizes = [min(len(text), most + 1) for (text,) in texts]
        for places in runs(sizes, self.predictor.metadata.batch):
            outputs = session.run_many(*pack([texts[i][0] for i in places], most))  # type: ignore[attr-defined]
            each |= zip(places, apart(self.outputs, outputs, len(places)), strict=True)
        return [each[i] for i in range(len(texts))]


def version_in(metadata: Metadata) -> str:
    """Give the version that a file's metadata says, which is how it is served."""
    return str(metadata.fields.get("model_version", "1"))


def load_served(settings: Settings) -> dict[str, Served]:
    """Load all models of a server, by name; EdgetextError for a file that cannot be served, and for
    two of one name."""
    served: dict[str, Served] = {}
    for path, given in settings.models:
        predictor = load(path, threads=settings.threads)
        name = given or predictor.metadata.name
        check_address(name, str(path), served)
        served[name] = as_served(predictor, name, settings)
    return served


def check_address(name: str, source: str, others: Collection[str]) -> None:
    """Raise EdgetextError where a model cannot have this name in addresses; others: those of the
    server's other models."""
    if not NAME.fullmatch(name):
        raise EdgetextError(
            f"{source}: its name {name!r} does not go into an address; give another of letters, "
            f"digits and . _ ~ - as {source}=NAME"
        )
    if name in others:
        raise EdgetextError(
            f"{source}: another model is called {name} as well; give this one a name of its "
            f"own, as {source}=NAME"
        )


def as_served(predictor: Predictor, name: str, settings: Settings, version: str = "") -> Served:
    """Give a model as it is served; version: by default the one that its metadata says."""
    # Beside a loop that serves, a thread waits for its turn again and again. A runtime that has one
    # thread works in the caller's.
    clock = time.thread_time if settings.threads == 1 else time.perf_counter
    slow = seconds_an_answer(predictor, clock) > BRIEF
    return Served(predictor, name, settings.limits, slow, version)


def seconds_an_answer(
    predictor: Predictor, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Give how long an answer takes, the median of the golden examples; the first run of all, in
    which a runtime takes its memory, is not among them. clock: gives seconds."""
    texts = [example.texts for example in predictor.golden[:TIMED]]
    texts = texts or [("a",) * len(predictor.task.inputs)]
    predictor.predict(*texts[0])
    taken = []
    for text in texts:
        start = clock()
        predictor.predict(*text)
        taken.append(clock() - start)
    return median(taken)
