"""What takes part: a file in a runtime, or a peer; text in, answer out.

A contender answers one text (`answer`) or several that are there at once (`answer_batch`). What
`answer_batch` can do differs, and every row says so (`batching`):

- a checkpoint answers a real batch: texts cut by the Rust tokenizer, padded to one matrix;
- an `.onnx` file takes one text a call: the texts are shared out to as many callers as there are
  threads, each call on one thread;
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
from edgetext.tasks.prediction import Prediction
from edgetext.timing.texts import Question, parts

PADDED = "one padded batch, words cut by the Rust tokenizer"
SHARED_OUT = "one text a call, shared out to the threads"
IN_TURN = "one text after the other"


class Contender(Protocol):
    """batching: how `answer_batch` works, in words. `answer` takes as many texts as the task reads.
    One that knows its own time by operator has `operators(question)` too; see operators.profile.
    """

    batching: str
    answer: Callable[..., Prediction]

    def answer_batch(self, texts: Sequence[Question]) -> Sequence[Prediction]: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender before it is loaded: `path` in `runtime`, shown as `name`.

    extra: what else its maker needs, as JSON values. maker: "module:function" where the runtime is
    none of MAKERS. libraries: the modules that it needs and that are imported before it is made.
    """

    name: str
    path: str
    runtime: str
    extra: tuple[tuple[str, Any], ...] = ()
    maker: str = ""
    libraries: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Entry:
        """Read what `dataclasses.asdict` wrote, through JSON."""
        extra = tuple((name, value) for name, value in fields["extra"])
        return cls(**{**fields, "extra": extra, "libraries": tuple(fields["libraries"])})

    def made_by(self) -> str:
        """Name the module and the function that load it, as "module:function"."""
        return self.maker or MAKERS[self.runtime]


# Compiling takes most of a minute: a quick run leaves it out, and a full one starts it once.
SLOW = "compiled"
# The same program without XNNPACK: made for the run from the checkpoint beside the file.
PORTABLE = "executorch, portable"

# By runtime: the module and function that make it from (path, threads, **extra). Modules are
# imported in the measuring process alone, so that nobody's memory is counted as another's.
MAKERS = {
    "eager": "edgetext.timing.contenders:eager",
    SLOW: "edgetext.timing.contenders:compiled",
    "onnxruntime": "edgetext.timing.contenders:in_onnxruntime",
    "executorch": "edgetext.timing.contenders:in_executorch",
    PORTABLE: "edgetext.timing.contenders:in_portable_executorch",
}
# The runtimes whose network can be called without the text graph.
WITH_NETWORK = ("eager", "onnxruntime", "executorch", PORTABLE)
# Those whose network can be timed without its decoding too.
WITH_SCORES = ("onnxruntime",)
# Those whose files tell what they multiply and move.
COUNTED = ("onnxruntime", "executorch")
OF_SUFFIX = {
    ".pt": ("eager", SLOW),
    ".onnx": ("onnxruntime",),
    ".pte": ("executorch",),
}


def entries(files: Sequence[Path]) -> list[Entry]:
    """The contenders that the files give, in their order; EdgetextError for another suffix."""
    found = []
    names = [file.name for file in files]
    for file in files:
        if file.suffix not in OF_SUFFIX:
            raise EdgetextError(
                f"{file}: not a model that edgetext knows; give .pt, .onnx and .pte files"
            )
        name = str(file) if names.count(file.name) > 1 else file.name
        found += [Entry(name, str(file), runtime) for runtime in OF_SUFFIX[file.suffix]]
    return found


def make(entry: Entry, threads: int) -> Contender:
    """Load it into this process, whose cores and threads are set already."""
    module, _, name = entry.made_by().partition(":")
    maker: Callable[..., Contender] = getattr(import_module(module), name)
    return maker(entry.path, threads, **dict(entry.extra))


def in_onnxruntime(path: str, threads: int) -> Contender:
    return _Onnx(Path(path), threads)


def in_executorch(path: str, threads: int) -> Contender:
    return _OneByOne(Path(path), threads)


def in_portable_executorch(path: str, threads: int) -> Contender:
    # Brings the portable kernels of int8, which XNNPACK does not need.
    from executorch.kernels import quantized  # noqa: F401

    return in_executorch(path, threads)


def eager(path: str, threads: int) -> Contender:
    import torch

    torch.set_num_threads(threads)
    return _Checkpoint(Path(path))


def compiled(path: str, threads: int) -> Contender:
    import torch

    torch.set_num_threads(threads)
    contender = _Checkpoint(Path(path))
    torch._dynamo.config.capture_dynamic_output_shape_ops = True
    contender.compile()
    return contender


class _OneByOne:
    """An artifact whose runtime takes one call at a time."""

    batching = IN_TURN

    def __init__(self, path: Path, threads: int = 1) -> None:
        from edgetext.predictor import load

        self.predictor = load(path, threads)
        self.answer: Callable[..., Prediction] = self.predictor.predict

    def answer_batch(self, texts: Sequence[Question]) -> Sequence[Prediction]:
        return [self.answer(*parts(text)) for text in texts]


class _Onnx(_OneByOne):
    def __init__(self, path: Path, threads: int) -> None:
        super().__init__(path, threads)
        self.path, self.threads = path, threads
        self.single: Callable[..., Prediction] | None = None
        if threads > 1:
            self.batching = SHARED_OUT

    def answer_batch(self, texts: Sequence[Question]) -> Sequence[Prediction]:
        if self.threads == 1:
            return super().answer_batch(texts)
        if self.single is None:
            from edgetext.predictor import load

            # Threads inside a call gain little on so small a network: the callers take them.
            self.single = load(self.path, 1).predict
            self.callers = ThreadPoolExecutor(self.threads)
        single = self.single
        return list(self.callers.map(lambda text: single(*parts(text)), texts))


class _Checkpoint(_OneByOne):
    batching = PADDED

    def __init__(self, path: Path) -> None:
        from edgetext.model.checkpoint import Checkpoint
        from edgetext.targets.pytorch.session import PyTorchSession
        from edgetext.tasks.learner import learner_of

        super().__init__(path)
        header = Checkpoint.load(path).header
        session = self.predictor.session
        assert isinstance(session, PyTorchSession)
        self.session = session
        self.network = session.pipeline.answer.network
        self.labels = header["labels"]
        self.vocabulary = header["vocabulary"]
        self.learner = learner_of(header["task"], self.labels)
        if not self.learner.padded:
            self.batching = IN_TURN

    def compile(self) -> None:
        """By torch's own compiler: the whole pipeline, and the network for batches."""
        self.session.pipeline.compile(dynamic=True)
        self.network.compile(dynamic=True)

    def answer_batch(self, texts: Sequence[Question]) -> Sequence[Prediction]:
        if self.batching == IN_TURN:
            return super().answer_batch(texts)
        import torch

        from edgetext.data.example import Example
        from edgetext.text.vocabulary import Vocabulary
        from edgetext.training.dataset import EncodedSet
        from edgetext.training.evaluation import answers

        if isinstance(self.vocabulary, dict):
            self.vocabulary = Vocabulary.from_header(self.vocabulary)
        limit = self.predictor.metadata.max_bytes
        with torch.inference_mode():
            data = EncodedSet(
                [Example(parts(text)[0], None) for text in texts],
                self.learner,
                self.vocabulary,
                self.labels,
                limit,
            )
            return answers(self.network, data, len(texts))
