"""The network alone: from pieces to answer, without what turns bytes into pieces; or to scores
only, without what makes an answer of them.

What it takes is made beforehand, so that a call costs what a phone pays after its text is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from edgetext.predictor import load
from edgetext.targets.catalog import owner
from edgetext.targets.target import Call
from edgetext.timing.inputs import arrays
from edgetext.timing.texts import Question


def network_alone(path: Path, threads: int, decoded: bool = True) -> Callable[[Question], Call]:
    """prepare(text) -> a call that runs the network on the text's pieces, of any model file.

    decoded: to the answer; else to the scores, of a file of a way that has them, whose task reads
    pieces alone.
    """
    predictor = load(path, threads)
    prepare = owner(path.suffix).network(path, predictor.session, threads, decoded)
    return lambda asked: prepare(arrays(predictor, asked))
