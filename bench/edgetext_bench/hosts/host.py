"""What a host is, and how one is asked in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from edgetext.model.contract import Metadata
from edgetext_bench.hosts.asking import Reply, ask

# The checkout, whose demo holds the hosts that are not Python.
ROOT = Path(__file__).resolve().parents[3]
# Seconds without an answer, loading included, after which a host counts as hanging.
PATIENCE = 60.0
Ask = Callable[[Path, Metadata, Sequence[Sequence[bytes]]], list[Reply]]


@dataclass(frozen=True, slots=True)
class Host:
    """A runtime of one release on one processor.

    suffixes: of the files that it takes. ways: how it is asked, by the name of each way, which is
    "" where there is one. missing: why it cannot be asked here, with how to get it; "" where it
    can. refuses: of a model that it is not made for, why; "" for others. lacks: what it is known
    to lack, in words, by a part of the fault with which it then refuses a file. family: hosts of
    one family are releases of one runtime on this processor, which should answer alike.
    """

    name: str
    suffixes: tuple[str, ...]
    ways: Mapping[str, Ask] = field(default_factory=dict)
    missing: str = ""
    refuses: Callable[[Metadata], str] = lambda metadata: ""
    lacks: Mapping[str, str] = field(default_factory=dict)
    family: str = ""


def in_process(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Ask:
    """A way to ask the process that `command` with a model's path starts; see asking.ask."""
    return partial(_ask, tuple(command), environment or {}, patience)


def _ask(
    command: tuple[str, ...],
    environment: Mapping[str, str],
    patience: float,
    model: Path,
    metadata: Metadata,
    texts: Sequence[Sequence[bytes]],
) -> list[Reply]:
    return ask([*command, str(model.resolve())], environment, texts, patience)
