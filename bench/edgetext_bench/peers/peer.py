"""What a peer is, and what prepares one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from edgetext.targets.target import Operators
from edgetext.timing.contenders import Entry
from edgetext.timing.texts import Question
from edgetext_bench.peers.known import APART, MODULES

if TYPE_CHECKING:
    # A measuring process comes by here, and must not grow by what only training needs.
    from edgetext.data.example import Example
    from edgetext.training.splits import Splits

# The tasks of all but the rival with our own network.
LEARNT = ("classify", "joint")


class MissingPeer(Exception):  # noqa: N818 (a state, which a row reports)
    """A peer that cannot be measured here; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a peer is made from.

    splits: the recipe's. task: the data's. checkpoints: the `.pt` files of the
    artifacts that are measured. folder: where its files stay, so that a later run finds them. name:
    of the recipe. seed: for what is drawn.
    """

    splits: Splits
    task: str
    checkpoints: Sequence[Path]
    folder: Path
    name: str
    seed: int


@dataclass(frozen=True, slots=True)
class Peer:
    """A contender and the row's `file`."""

    entry: Entry
    file: dict[str, Any]


class Untimed:
    """A contender whose operators nothing tells the times of."""

    def operators(self, question: Question) -> tuple[Operators, str]:
        """Give no times, and why."""
        return [], "its operators are not timed"


class PeerModule(Protocol):
    def prepare(self, context: Context) -> list[Peer]: ...


def prepare(name: str, context: Context) -> list[Peer]:
    """Give the peer's contenders; MissingPeer when its package is not installed, or cannot be."""
    if name != "tokenizers" and context.task not in LEARNT:
        raise MissingPeer(
            f"it learns {' and '.join(LEARNT)}, and the data's task is {context.task}"
        )
    if name in APART:
        raise MissingPeer(APART[name])
    module: PeerModule = import_module(MODULES[name])  # type: ignore[assignment]
    return module.prepare(context)


def described(name: str, path: Path, task: str, model: str) -> dict[str, Any]:
    """The row's `file` for what a peer keeps at `path`, a file or a folder."""
    import hashlib

    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    state = hashlib.sha256()
    for file in files:
        state.update(file.read_bytes())
    return {
        "name": path.name,
        "bytes": sum(file.stat().st_size for file in files),
        "sha256": state.hexdigest(),
        "variant": "peer",
        "task": task,
        "model": model,
        "peer": name,
    }


def trained_on(examples: Sequence[Example]) -> list[Example]:
    """Those with a text and an intent, which is all that every peer can learn from."""
    return [example for example in examples if example.text.strip() and example.intent]


def need(package: str, pip_name: str) -> Any:
    """The imported package; MissingPeer when it is not there."""
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingPeer(
            f"{pip_name} is not installed; pip install 'edgetext-bench[peers]' adds it"
        ) from error
