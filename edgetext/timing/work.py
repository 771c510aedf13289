"""What one answer takes, counted in the artifact: multiply-adds, bytes moved, operators.

The counts say nothing of time; edgetext_bench.devices makes an estimate of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.predictor import load
from edgetext.targets.catalog import owner
from edgetext.targets.target import Counts
from edgetext.timing.inputs import arrays
from edgetext.timing.texts import Question


def work(path: Path, asked: Sequence[Question]) -> Counts:
    """{"int8_macs", "fp32_macs", "bytes", "operators", "texts"} of an artifact that tells them:
    means over what is asked.

    bytes: what the operators read and write, each weight once.
    """
    predictor = load(path)
    questions = [arrays(predictor, one) for one in asked]
    counts = owner(path.suffix).work(path, predictor.session, questions)
    return {
        **{name: round(sum(one[name] for one in counts) / len(counts), 1) for name in counts[0]},
        "texts": len(counts),
    }
