"""Teachers' scores in a folder, so that a second student costs no pass of its teachers.

An entry is a folder, named by a hash of the teacher's checkpoint, the order of its labels as the
student counts them, and the pieces of every text as the teacher reads them, or the n-grams of its
words where those are hashed. It holds a file NAME.npy a score, float[V], of all texts one after the
other, and NAME.shape.npy, int64[N, d], the shape of each text's. They are mapped into memory, of
which a batch needs its own part alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import atomic_folder, in_turn, make_folder, read_bytes, write_text
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.tokenization import Tokenization
from edgetext.training.dataset import EncodedSet

_log = logger(__name__)
# The scores of each text, by name.
Rows = Sequence[Mapping[str, Tensor]]
ABOUT = "about.json"
# Another one where the files of an entry change.
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class AnswerStore:
    """A folder of entries; it is made when the first one is written."""

    folder: Path

    def rows(self, key: str, count: int, ask: Callable[[], Rows]) -> Rows:
        """Give the scores of `count` texts under a key; where they are not there, or damaged, ask
        the teacher and keep them.

        EdgetextError where the folder cannot be written. Of several processes that need the same
        one asks, and the others wait for its answers.
        """
        path = self.folder / key
        make_folder(self.folder)
        with in_turn(self.folder):
            if path.exists():
                try:
                    rows = _read(path, count)
                except (OSError, ValueError, KeyError, TypeError, EdgetextError) as error:
                    _log.warning("%s: it is damaged (%s), and written anew", path, error)
                else:
                    _log.info(
                        "%s texts: the teacher's answers are read from %s", f"{count:,}", path
                    )
                    return rows
            _write(path, ask())
            return _read(path, count)


def key_of(
    digest: str,
    orders: Mapping[str, Tensor],
    data: EncodedSet,
    vocabulary: Tokenization,
    *,
    mixed: bool = False,
) -> str:
    """Give the key, in hexadecimal, of what a teacher answers to a set.

    digest: of its checkpoint. orders, mixed: see Teacher. vocabulary: by which it reads the set.
    """
    chosen = {name: order.tolist() for name, order in sorted(orders.items())}
    rounded = ["bf16"] if mixed else []
    key = hashlib.sha256(json.dumps([_FORMAT, digest, chosen, *rounded]).encode())
    pieces = data.ids.values.numpy()
    if isinstance(vocabulary, HashedWords):
        # In another process the same numbers are those of other words.
        pieces = vocabulary.lexicon.hashes(pieces)
    for numbers in (data.length.numpy(), pieces):
        key.update(np.ascontiguousarray(numbers).tobytes())
    return key.hexdigest()[:32]


def _write(path: Path, rows: Rows) -> None:
    """Write an entry, whole or not at all."""
    names = sorted(rows[0])
    with atomic_folder(path) as temporary:
        temporary.mkdir()
        for name in names:
            parts = [row[name].cpu().numpy() for row in rows]
            np.save(temporary / f"{name}.npy", np.concatenate([part.reshape(-1) for part in parts]))
            np.save(temporary / f"{name}.shape.npy", np.array([part.shape for part in parts]))
        write_text(temporary / ABOUT, json.dumps({"texts": len(rows), "scores": names}))


def _read(path: Path, count: int) -> Rows:
    """Read an entry; ValueError and others where it is not whole."""
    about = json.loads(read_bytes(path / ABOUT))
    if about["texts"] != count:
        raise ValueError(f"of {about['texts']} texts, not of {count}")
    columns: dict[str, list[Tensor]] = {}
    for name in about["scores"]:
        # Copied when written to, which nobody does: a map that is not writable is no tensor.
        values = np.load(path / f"{name}.npy", mmap_mode="c", allow_pickle=False)
        shapes = np.load(path / f"{name}.shape.npy", allow_pickle=False)
        sizes = shapes.prod(axis=1).tolist()
        if len(sizes) != count or sum(sizes) != len(values):
            raise ValueError(f"{name}.npy has {len(values)} values for {sum(sizes)}")
        parts = torch.from_numpy(values).split(sizes)
        columns[name] = [part.view(*shape) for part, shape in zip(parts, shapes, strict=True)]
    return [{name: column[i] for name, column in columns.items()} for i in range(count)]
