"""The fair rival of the text graph: the Rust tokenizer in front of the very same network.

The checkpoint's network is exported to ONNX without its text graph, by the exporter's own rewrites;
a host then needs two files, the network and tokenizer.json, and a tokenizer library.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from edgetext.core.files import atomic_path, sha256, write_text
from edgetext.tasks.prediction import Prediction
from edgetext.timing.contenders import IN_TURN, Entry
from edgetext.timing.texts import Question, parts
from edgetext_bench.peers.peer import Context, MissingPeer, Peer, described

if TYPE_CHECKING:
    from edgetext.timing.operators import Operators

RUNTIME = "tokenizers + onnxruntime"
MAKER, LIBRARIES = f"{__name__}:TokenizersOnnx", ("tokenizers", "onnxruntime")
NETWORK, TOKENIZER, LABELS = "network.onnx", "tokenizer.json", "about.json"
NOT_TRUNCATED = np.zeros(1, np.int32)


def prepare(context: Context) -> list[Peer]:
    if not context.checkpoints:
        raise MissingPeer(
            "the rival with our own network needs the checkpoint (.pt) of an artifact beside it"
        )
    rivals: list[Peer] = []
    missing = None
    for checkpoint in context.checkpoints:
        folder = context.folder / f"tokenizers-{sha256(checkpoint)[:12]}"
        try:
            if not (folder / LABELS).exists():
                build(checkpoint, folder)
        except MissingPeer as error:
            # The rivals of the others are measured all the same.
            missing = error
            continue
        file = described("tokenizers", folder, context.task, "")
        file |= {"name": checkpoint.stem, "model": context.name}
        rivals.append(
            Peer(
                Entry(
                    f"{checkpoint.stem} network",
                    str(folder),
                    RUNTIME,
                    maker=MAKER,
                    libraries=LIBRARIES,
                ),
                file,
            )
        )
    if missing is not None and not rivals:
        raise missing
    return rivals


def build(checkpoint: Path, folder: Path) -> None:
    """Write the network, the tokenizer and the labels; LABELS comes last."""
    import onnx
    import torch

    from edgetext.model.model import Model
    from edgetext.targets.onnx.layers import prepare_for_onnx
    from edgetext.targets.onnx.passes import rewrite
    from edgetext.targets.onnx.write import SAMPLE, export_graph
    from edgetext.text.vocabulary import Vocabulary
    from edgetext.training.evaluation import words_of

    model = Model.load(checkpoint)
    header, vocabulary, learner = model.header, model.vocabulary, model.learner
    if not isinstance(vocabulary, Vocabulary):
        raise MissingPeer(
            f"{checkpoint.name} is an imported model or has hashed words, and no network of pieces"
        )
    task = learner.task
    if not task.reads_pieces:
        raise MissingPeer(f"a model of task {task.name} reads more of a text than its pieces")
    network = model.copied_network()
    prepare_for_onnx(network)
    answer = model.second_stage(network)
    encoding = vocabulary.encode(SAMPLE.decode())
    inputs = [torch.from_numpy(encoding.ids[None].copy()), *words_of(encoding)]
    pieces, count = torch.export.Dim("pieces", min=1), torch.export.Dim("words", min=1)
    shapes: list[dict[int, torch.export.Dim]] = [{1: pieces}, {0: count}, {0: count}, {0: count}]
    named = dict(
        zip(["ids", "first", "start", "end"], zip(inputs, shapes, strict=True), strict=True)
    )
    if not task.needs_words:
        named = {"ids": named["ids"]}
    *outputs, _ = task.outputs
    graph = export_graph(answer, named, outputs)
    rewrite(graph)
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / NETWORK) as path:
        onnx.save(graph, path)
    write_text(folder / TOKENIZER, vocabulary._tokenizer.to_str())
    about = {"task": task.name, "names": learner.names(header.labels)}
    write_text(folder / LABELS, json.dumps({**about, "max_bytes": header.max_bytes}))


class TokenizersOnnx:
    """What a careful host would write around the two files."""

    batching = IN_TURN

    def __init__(self, path: str, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        from edgetext.tasks.task import task_of
        from edgetext.text.encoding import character_starts
        from edgetext.text.vocabulary import CLS

        self.folder = folder = Path(path)
        about = json.loads((folder / LABELS).read_text("utf-8"))
        self.names, self.max_bytes = about["names"], about["max_bytes"]
        self.task = task_of(about["task"], self.names)
        self.words = self.task.needs_words
        self.first, self.character_starts = CLS, character_starts
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )
        self.outputs = [output.name for output in self.session.get_outputs()]

    def feeds(self, text: str) -> dict[str, np.ndarray]:
        """The network's inputs, by name."""
        if len(text) > self.max_bytes // 4:
            text = text.encode("utf-8", "replace")[: self.max_bytes].decode("utf-8", "ignore")
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        feeds = {"ids": np.array([[self.first, *encoding.ids]])}
        if self.words:
            # In plain Python: of a dozen pieces that is three times as fast as NumPy.
            # [CLS] is a word before the words.
            first, start, end = [0], [0], [0]
            before = None
            bounds = zip(encoding.word_ids, encoding.offsets, strict=True)
            for piece, (word, (begin, stop)) in enumerate(bounds, start=1):
                if word == before:
                    end[-1] = stop
                else:
                    first.append(piece)
                    start.append(begin)
                    end.append(stop)
                    before = word
            feeds["first"] = np.array(first, np.int64)
            feeds["start"], feeds["end"] = np.array(start, np.int64), np.array(end, np.int64)
            if not text.isascii():
                at = self.character_starts(text)
                feeds["start"], feeds["end"] = at[feeds["start"]], at[feeds["end"]]
        return feeds

    def operators(self, question: Question) -> tuple[Operators, str]:
        """See timing.operators.profile."""
        from edgetext.targets.onnx.profile import in_onnxruntime

        path = str(self.folder / NETWORK)
        return in_onnxruntime(path, self.feeds(*parts(question))), "the network alone"

    def answer(self, text: str) -> Prediction:
        outputs = self.session.run(self.outputs, self.feeds(text))
        # Made of its outputs as that of an artifact is, which has one more, `truncated`.
        answer: Prediction = self.task.read((*outputs, NOT_TRUNCATED), self.names)
        return answer

    def answer_batch(self, texts: Sequence[str]) -> list[Prediction]:
        return [self.answer(text) for text in texts]
