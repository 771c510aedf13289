"""The checkpoint: tensors and one JSON header in one `.pt` file.

The file is what `torch.save` writes for {"header": JSON text, "tensors": {name: tensor}}, and is
only ever read with `weights_only=True`, so no code in it can run. See model.header for the fields.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes, write_bytes
from edgetext.model.header import FORMAT_VERSION, REQUIRED, Header
from edgetext.recipe.words import with_current_words
from edgetext.version import __version__

_ZIP_MAGIC = b"PK\x03\x04"


@dataclass(slots=True)
class Checkpoint:
    """What one file holds. tensors: the network's state dict."""

    header: Header
    tensors: dict[str, Tensor]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file atomically; EdgetextError when it cannot be written."""
        write_bytes(path, self.content())

    def content(self) -> bytes:
        """Return the file's bytes; the same header and tensors give the same ones."""
        header = json.dumps(self.header.as_dict(), ensure_ascii=False)
        tensors = {name: tensor.detach().cpu().clone() for name, tensor in self.tensors.items()}
        # Through memory: torch's own writer puts the file's name in it, and reports a full disk as
        # a RuntimeError.
        content = io.BytesIO()
        torch.save({"header": header, "tensors": tensors}, content)
        return content.getvalue()

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Checkpoint:
        """Read a checkpoint, tensors on the CPU; EdgetextError for anything else than a good one.

        Nothing in the file is ever executed.
        """
        return cls.read(read_bytes(path), path)

    @classmethod
    def read(cls, content: bytes, path: str | os.PathLike[str]) -> Checkpoint:
        """Read the checkpoint whose file at `path` has this content; otherwise as `load`."""
        _check_archive(path, content)
        loaded = _load_tensors(path, content)
        if not _has_our_shape(loaded):
            raise _foreign(path, "a torch file of another program")
        fields = _read_header(path, loaded["header"])
        try:
            header = Header.from_dict(fields)
        except KeyError as error:
            raise EdgetextError(
                f"{path}: the checkpoint's header lacks {error}; train it again"
            ) from error
        return cls(header, loaded["tensors"])


def _check_archive(path: str | os.PathLike[str], content: bytes) -> None:
    """Tell what is wrong with a file before torch sees it."""
    if not content:
        raise _damaged(path, "it is empty")
    if content[:1] == b"\x80":
        raise _foreign(path, "a bare pickle file, which could run code and was not opened")
    if not content.startswith(_ZIP_MAGIC):
        raise _foreign(path, "not even a torch file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.namelist()
            broken = archive.testzip()
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise _damaged(path, "it is cut short or its index is broken") from error
    if broken is not None:
        raise _damaged(path, f"the bytes of {broken} are not those that were written")
    if not any(name.endswith("/data.pkl") for name in members):
        raise _foreign(path, "a zip archive of another kind")


def _load_tensors(path: str | os.PathLike[str], content: bytes) -> Any:
    try:
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise EdgetextError(
            f"{path}: this file holds pickled code, which could do anything and was not run; "
            "edgetext reads only checkpoints that `edgetext` wrote"
        ) from error
    except Exception as error:  # torch raises many kinds for a damaged archive
        raise _damaged(path, f"torch cannot read it ({type(error).__name__})") from error


def _has_our_shape(loaded: Any) -> bool:
    return (
        isinstance(loaded, dict)
        and isinstance(loaded.get("header"), str)
        and isinstance(loaded.get("tensors"), dict)
        and all(
            isinstance(name, str) and isinstance(tensor, Tensor)
            for name, tensor in loaded["tensors"].items()
        )
    )


def _read_header(path: str | os.PathLike[str], text: str) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "its header is not JSON") from error
    version = header.get("format_version") if isinstance(header, dict) else None
    if not isinstance(version, int):
        raise _foreign(path, "its header names no format_version")
    if version > FORMAT_VERSION:
        raise EdgetextError(
            f"{path}: a newer edgetext wrote this checkpoint (format {version}; this one, "
            f"{__version__}, reads up to {FORMAT_VERSION}); upgrade edgetext"
        )
    missing = [key for key in REQUIRED if key not in header]
    if missing:
        raise _damaged(path, f"its header lacks {', '.join(missing)}")
    if isinstance(header["recipe"], dict):  # what else it may be is refused where it is used
        header["recipe"], _ = with_current_words(header["recipe"], str(path))
    return header


def _foreign(path: str | os.PathLike[str], what: str) -> EdgetextError:
    return EdgetextError(
        f"{path}: not an edgetext checkpoint ({what}); give a .pt file that `edgetext train`, "
        "`distill` or `quantize` wrote"
    )


def _damaged(path: str | os.PathLike[str], what: str) -> EdgetextError:
    return EdgetextError(
        f"{path}: this checkpoint is truncated or damaged ({what}); copy it again from where it "
        "came, or train again"
    )
