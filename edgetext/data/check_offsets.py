"""Whether a file's offsets count something else than its reader takes them for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.findings import Findings
from edgetext.data.offsets import UNITS, Offsets
from edgetext.data.source import Source


def find_offsets(
    sources: Sequence[Source], cuts: Callable[[Example], int], findings: Findings
) -> None:
    """Find the units of offsets that make every line readable and every span whole words.

    cuts: counts the spans of an example that begin or end inside a word. Call it where today's unit
    does not; readers without offsets are passed over.
    """
    fitting = [f"`offsets: {unit}`" for unit in UNITS if _fits(sources, cuts, unit)]
    if fitting:
        findings.add(f"with {' or '.join(fitting)} all spans are whole words; set it in the data")


def _fits(sources: Sequence[Source], cuts: Callable[[Example], int], unit: Offsets) -> bool:
    """Whether all spans are whole words, and nothing had to be mended for that."""
    spans = 0
    for source in sources:
        reader = source.reader.with_offsets(unit)
        if reader is None:
            return False
        try:
            for item in replace(source, reader=reader).scan():
                if isinstance(item, EdgetextError):
                    return False
                if isinstance(item, Example):
                    if item.remarks or cuts(item):
                        return False
                    spans += len(item.spans)
        except EdgetextError:
            return False
    return spans > 0
