"""A checkpoint on its way to files, a step a call, each of which gives the tester back:

    Tester(path).quantize("--int8").export(".onnx").check_nodes(NonZero=2).compare(texts)

The steps are those of the command line, so that what is tested is what a user runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import onnx
import pytest
from once import made_once

from edgetext.cli import main
from edgetext.predictor import load


class Tester:
    """The checkpoint at `path` and the files that were written of it.

    again: whether what is there already is taken as it is, as of a model that several tests share.
    """

    __test__ = False

    def __init__(self, path: Path, *, again: bool = False) -> None:
        self.path = path
        self.again = again
        self.files: list[Path] = []

    def quantize(self, *options: str, name: str = "quantized") -> Tester:
        """Go on with the checkpoint that `edgetext quantize` makes with these options."""
        target = self.path.with_name(f"{self.path.stem}-{name}.pt")
        self._make(target, ["quantize", *options, str(self.path), "-o", str(target)])
        return Tester(target, again=self.again)

    def export(self, *suffixes: str) -> Tester:
        """Write the files of these suffixes beside the checkpoint."""
        for suffix in suffixes:
            file = self.path.with_suffix(suffix)
            command = ["export", "--target", "mobile", str(self.path), "-o", str(file)]
            self._make(file, command)
            self.files.append(file)
        return self

    def check_nodes(self, **counts: int) -> Tester:
        """Hold the `.onnx` file to so many nodes of each operator that is named."""
        graph = onnx.load(self.path.with_suffix(".onnx")).graph
        found = Counter(node.op_type for node in graph.node)
        assert {operator: found[operator] for operator in counts} == counts
        return self

    def compare(
        self,
        texts: Iterable[str | bytes | Sequence[str | bytes]],
        *,
        alike: float = 1.0,
        scores: float | None = None,
    ) -> Tester:
        """Hold each file's answers to the checkpoint's.

        alike: the share of the texts on which task and rounding must agree (`Task.agree`).
        scores: how far a score may be from the checkpoint's, where that is looked at.
        """
        checkpoint = load(self.path)
        inputs = len(checkpoint.task.inputs)
        asked = [(x,) if isinstance(x, str | bytes) else tuple(x)[:inputs] for x in texts]
        expected = [checkpoint.predict(*given) for given in asked]
        assert self.files, "nothing was exported"
        for file in self.files:
            predictor = load(file)
            answers = [predictor.predict(*given) for given in asked]
            pairs = list(zip(asked, expected, answers, strict=True))
            differing = [x for x, a, b in pairs if not checkpoint.task.agree(a, b)]
            assert len(differing) <= (1 - alike) * len(asked), (file.name, differing[:3])
            if scores is not None:
                for given, one, other in pairs:
                    assert other.scores == pytest.approx(one.scores, abs=scores), given
        return self

    def _make(self, path: Path, command: list[str]) -> None:
        def run() -> None:
            assert main(command) == 0

        if self.again:
            made_once(path, run)
        else:
            run()
