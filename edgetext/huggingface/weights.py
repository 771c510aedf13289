"""The tensors of a folder, each taken once, so that none is overlooked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.installed import safetensors
from edgetext.huggingface.json_file import read_json

ONE, INDEX = "model.safetensors", "model.safetensors.index.json"
# Files that hold pickled code, which could do anything.
PICKLES = ("pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack")


class Weights:
    """Tensors by name, as float32. EdgetextError names what is missing, or left over."""

    def __init__(self, tensors: dict[str, Tensor], source: Path) -> None:
        self.source = source
        self._tensors = tensors

    @classmethod
    def read(cls, folder: Path) -> Weights:
        """Read `model.safetensors` or the shards of its index; EdgetextError where there is none,
        or a shard is missing, cut short or not what the index says."""
        if (folder / ONE).is_file():
            return cls(_tensors(folder / ONE), folder)
        if not (folder / INDEX).is_file():
            pickle = next((name for name in PICKLES if (folder / name).is_file()), None)
            if pickle is not None:
                raise EdgetextError(
                    f"{folder / pickle}: weights in this form could run code and are not read; "
                    f"save them as {ONE} (`model.save_pretrained(FOLDER)` of transformers does)"
                )
            raise EdgetextError(f"{folder}: there is no {ONE} in it; give a folder that has one")
        places = read_json(folder / INDEX).get("weight_map")
        if not isinstance(places, dict) or not all(isinstance(x, str) for x in places.values()):
            raise EdgetextError(f"{folder / INDEX}: it has no weight_map; copy the folder again")
        tensors: dict[str, Tensor] = {}
        for shard in dict.fromkeys(places.values()):
            if Path(shard).name != shard:
                raise EdgetextError(f"{folder / INDEX}: {shard} is no file of this folder")
            if not (folder / shard).is_file():
                raise EdgetextError(f"{folder / shard}: {INDEX} names this file, but it is missing")
            tensors |= _tensors(folder / shard)
        missing = next((name for name in places if name not in tensors), None)
        if missing is not None:
            raise EdgetextError(
                f"{folder / places[missing]}: {INDEX} says that {missing} is in it, but it is not; "
                "copy the folder again"
            )
        return cls(tensors, folder)

    def has(self, name: str) -> bool:
        """Tell whether a tensor is there and not taken yet."""
        return name in self._tensors

    def rows_of(self, *names: str) -> int:
        """Give how many rows the first of these tensors has that is there; EdgetextError where none
        is."""
        for name in names:
            if name in self._tensors and self._tensors[name].dim() > 0:
                return len(self._tensors[name])
        raise EdgetextError(
            f"{self.source}: the weights have no tensor {names[0]}, which the class of the model "
            "in config.json calls for"
        )

    def take(self, name: str, *shape: int) -> Tensor:
        """Take a tensor; EdgetextError where it is missing, or of another shape."""
        if name not in self._tensors:
            raise EdgetextError(
                f"{self.source}: the weights have no tensor {name}, which config.json calls for"
            )
        tensor = self._tensors.pop(name)
        if shape and tuple(tensor.shape) != shape:
            raise EdgetextError(
                f"{self.source}: the tensor {name} is of {_by(tensor.shape)}, and config.json "
                f"calls for {_by(shape)}"
            )
        return tensor.to(torch.float32)

    def drop(self, names: Iterable[str]) -> None:
        """Leave out tensors that are not needed, where they are there."""
        for name in names:
            self._tensors.pop(name, None)

    def left(self) -> str:
        """Name the first tensor that was not taken, and count the others; "" for none."""
        first, *others = sorted(self._tensors) or [""]
        return f"{first} and {len(others)} more" if others else first

    def check_taken(self) -> None:
        """EdgetextError where a tensor is left over."""
        left = self.left()
        if left:
            raise EdgetextError(
                f"{self.source}: the weights hold {left}, which this class of model "
                "does not use; correct `architectures` in config.json, or save the model again"
            )

    def prefix(self, *candidates: str) -> str:
        """Choose the first prefix that some tensor has; the last where none has."""
        return next(
            (x for x in candidates if any(name.startswith(x) for name in self._tensors)),
            candidates[-1],
        )


def _tensors(path: Path) -> dict[str, Tensor]:
    module, error_kind = safetensors()
    try:
        with module.safe_open(str(path), framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (error_kind, OSError, ValueError, json.JSONDecodeError) as error:
        raise EdgetextError(
            f"{path}: this file is cut short or no safetensors file; copy it again"
        ) from error


def _by(shape: Iterable[int]) -> str:
    return " x ".join(map(str, shape))
