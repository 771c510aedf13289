"""`load(path).predict(text)` for a checkpoint, an ONNX file and an ExecuTorch program."""

from __future__ import annotations

import os
import reprlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.model.batches import pack
from edgetext.targets.catalog import formats, in_words, opener
from edgetext.targets.target import Arrays, Session
from edgetext.tasks.apart import joined as by_name
from edgetext.tasks.columns import Columns, joined
from edgetext.tasks.prediction import Prediction

T = TypeVar("T")

# So many texts, or bytes of them together, take the least time each in one run: more no longer fit
# the processor's caches. Attention has a row a text, each as long as the longest.
RUN, RUN_BYTES, ROW_BYTES = 64, 1 << 13, 1 << 15
# Answers of one text that are read together; their arrays wait for that.
TOGETHER = 256


class Predictor:
    """A model that answers texts. runtime: the engine that was asked for by name, "" for a file's
    own."""

    def __init__(self, path: Path, session: Session, runtime: str = "") -> None:
        self.path = path
        self.runtime = runtime
        self.session = session
        self.metadata = session.metadata
        self.golden = session.golden
        self.task = session.metadata.rules()
        # Looked up once: what stands around the model's own time is a tenth of it.
        self._texts = len(self.task.inputs)
        self._limit, self._keeps_end = self.metadata.max_bytes, self.task.keeps_end
        self._labels = self.metadata.labels
        self._asks_once = self.task.asks_once
        self._outputs: tuple[str, ...] = tuple(self.metadata.fields.get("outputs", ()))

    def predict(
        self, text: str | bytes, text_b: str | bytes | None = None, *, whole: bool = False
    ) -> Prediction:
        """The answer to one text, or to two where the task reads two (`task.inputs`).

        whole: a text that is longer than the model reads is read in parts where the task can.

        Bytes need not be valid UTF-8, a str may hold anything. The answer's spans say where they
        stand in bytes and in code points (see data.text_range). EdgetextError for one text too many
        or too few.
        """
        if self._texts == 1 and text_b is None and self._asks_once and not whole:
            return self.ask(as_data(text))
        given = (text,) if text_b is None else (text, text_b)
        if len(given) != self._texts:
            inputs = self.task.inputs
            raise EdgetextError(
                f"{self.path}: task {self.metadata.task} reads {' and '.join(inputs)}, "
                + ("and text_b is missing; give it" if len(inputs) > 1 else "so leave out text_b")
            )
        data = [as_data(x) for x in given]
        if self._asks_once and not whole:
            return self.ask(*data)
        way = self.task.answer_whole if whole else self.task.answer
        answer: Prediction = way(self.ask, *data, max_bytes=self._limit)
        return answer

    def predict_many(
        self, texts: Sequence[str | bytes | Sequence[str | bytes]], *, whole: bool = False
    ) -> list[Prediction]:
        """The answers to texts, or to pairs of two where the task reads two, in their order.

        A batch file answers some dozens in one run, those of like lengths together; no answer
        depends on the others. Any other file answers one after the other. EdgetextError as of
        `predict`, and for a single text.
        """
        if isinstance(texts, str | bytes):
            raise EdgetextError(
                f"{self.path}: predict_many was given one text; give a list of texts, or the text "
                "to `predict`"
            )
        if not isinstance(texts, Iterable):
            raise _no_text(texts)
        pairs = [tuple(x) if isinstance(x, list | tuple) else (x,) for x in texts]
        if whole or not self._asks_once or any(len(x) != self._texts for x in pairs):
            return [self.predict(*x, whole=whole) for x in pairs]
        data = [tuple(map(as_data, each)) for each in pairs]
        if not self.metadata.batch:
            return [
                answer
                for block in _blocks(data)
                for answer in self.task.read_each(self._run_each(block), self._labels, _last(block))
            ]
        answers: dict[int, Prediction] = {}
        for chosen in self._batches(data):
            block = [data[i] for i in chosen]
            own = self.task.read_many(self._run_batch(block), self._labels, _last(block))
            answers |= zip(chosen, own, strict=True)
        return [answers[i] for i in range(len(data))]

    @property
    def has_columns(self) -> bool:
        """Whether `columns` answers."""
        known = bool(self._outputs) and self.task.has_columns(self._outputs)
        return known and self._asks_once

    def columns(self, texts: Sequence[tuple[bytes, ...]]) -> Columns:
        """Give the answers that `predict_many` gives to texts, one at least, each a tuple as long
        as `task.inputs`, as `Answering.columns` has them; only where it `has_columns`."""
        read, labels = self.task.columns, self._labels
        if not self.metadata.batch:
            parts = []
            for block in _blocks(texts):
                outputs = by_name(self._outputs, self._run_each(block))
                parts.append(read(outputs, labels, _last(block)))
            return joined(parts)
        batches = self._batches(texts)
        blocks = [[texts[i] for i in chosen] for chosen in batches]
        each = joined([read(self._run_batch(block), labels, _last(block)) for block in blocks])
        order = np.argsort(np.concatenate(batches))
        return {name: column.take(order) for name, column in each.items()}

    def _run_each(self, texts: Sequence[tuple[bytes, ...]]) -> list[Arrays]:
        """The outputs of a run for each text."""
        limit, keeps_end, run = self._limit, self._keeps_end, self.session.run
        if self._texts == 1:
            return [run(as_array(x, limit, keeps_end)) for (x,) in texts]
        return [run(*[as_array(x, limit, keeps_end) for x in each]) for each in texts]

    def _batches(self, texts: Sequence[tuple[bytes, ...]]) -> list[list[int]]:
        """The numbers of the texts that a batch file answers in one run, for each run."""
        return runs([min(len(x), self._limit + 1) for (x,) in texts], self.metadata.batch)

    def _run_batch(self, texts: Sequence[tuple[bytes, ...]]) -> dict[str, np.ndarray]:
        """The outputs of one run of a batch file, by name."""
        session: Any = self.session
        outputs = session.run_many(*pack(_last(texts), self._limit))
        return dict(zip(session.outputs, outputs, strict=True))

    def ask(self, *data: bytes) -> Prediction:
        """What one run of the model answers."""
        if len(data) == 1:
            (text,) = data
            outputs = self.session.run(as_array(text, self._limit, self._keeps_end))
            return self.decode(outputs, text)
        arrays = [as_array(x, self._limit, self._keeps_end) for x in data]
        return self.decode(self.session.run(*arrays), data[-1])

    def decode(self, outputs: Arrays, text: bytes | None = None) -> Prediction:
        """The contract's outputs as an answer; text: the one that its spans stand in."""
        answer: Prediction = self.task.read(outputs, self._labels, text)
        return answer


def _blocks(texts: Sequence[T]) -> Iterator[Sequence[T]]:
    """The texts whose answers are read together."""
    return (texts[begin : begin + TOGETHER] for begin in range(0, len(texts), TOGETHER))


def _last(texts: Sequence[tuple[bytes, ...]]) -> list[bytes]:
    """Of each question the text that its answer is about."""
    return [each[-1] for each in texts]


def as_data(text: str | bytes) -> bytes:
    """The bytes of a text; a lone surrogate in a str as `?`. EdgetextError for what is no text."""
    if isinstance(text, str):
        return text.encode("utf-8", "replace")
    if isinstance(text, bytes):
        return text
    if isinstance(text, bytearray | memoryview):
        return bytes(text)
    raise _no_text(text)


def _no_text(value: object) -> EdgetextError:
    return EdgetextError(
        f"{reprlib.repr(value)} is no text but of type {type(value).__name__}; give a str or bytes"
    )


def runs(sizes: Sequence[int], most: int) -> list[list[int]]:
    """Which texts are answered in one run: those of like sizes, at most `most`."""
    chosen: list[list[int]] = []
    total = 0
    for place in sorted(range(len(sizes)), key=sizes.__getitem__):
        size = sizes[place]
        count = len(chosen[-1]) + 1 if chosen else most + 1
        fits = total + size <= RUN_BYTES and count * size <= ROW_BYTES
        if count <= min(most, RUN) and fits:
            chosen[-1].append(place)
            total += size
        else:
            chosen.append([place])
            total = size
    return chosen


def as_array(data: bytes, max_bytes: int, keeps_end: bool = False) -> np.ndarray:
    """uint8[1, n], read-only, as a model takes it: empty text as one space, and no more than it
    looks at."""
    data = (data[-max_bytes - 1 :] if keeps_end else data[: max_bytes + 1]) or b" "
    # Not a view with a zero stride, which ExecuTorch refuses.
    return np.frombuffer(data, np.uint8).reshape(1, -1)


def load(path: str | os.PathLike[str], threads: int = 1, runtime: str | None = None) -> Predictor:
    """Load a model from a `.pt`, `.onnx`, `.ort` or `.pte` file; no code in it is executed.

    threads: of ONNX Runtime and, for all files of a process together, of ExecuTorch, where the
    first file that is loaded decides; PyTorch has torch.set_num_threads. runtime: the name of the
    target that opens it, as "onnxruntime"; by default the one whose own such files are.
    EdgetextError for a file that is missing, damaged, of another program or of a newer edgetext,
    and for a runtime that opens no such file.

    >>> edgetext.load("student-int8.onnx").predict("wake me up at 7:30")
    """
    path = Path(path)
    known = formats()
    if path.suffix not in known:
        raise EdgetextError(
            f"{path}: not a model that edgetext knows; give a {in_words(list(known), 'or')} file"
        )
    target = opener(path.suffix, runtime, str(path))
    content = read_bytes(path)
    for form in known.values():
        if form.suffix != path.suffix and form.recognizes(content):
            raise EdgetextError(
                f"{path}: the content is that of a {form.suffix} file; rename it to end so"
            )
    known[path.suffix].check_seal(content, str(path))
    return Predictor(path, target.open(path, content, threads), runtime or "")
