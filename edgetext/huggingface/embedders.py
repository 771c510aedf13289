"""Embedders of sentence-transformers: modules.json and the folders that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.huggingface.architectures.architecture import linear
from edgetext.huggingface.json_file import read_json
from edgetext.huggingface.kinds import Asked, Imported
from edgetext.huggingface.weights import Weights

_log = logger(__name__)
MODULES = "modules.json"
# What a Pooling's config.json may say: a flag of the older form, what the newer form calls it, and
# what it is here; in the order in which the vectors of several flags stand side by side.
_POOLINGS = (
    ("pooling_mode_cls_token", "cls", "first"),
    ("pooling_mode_max_tokens", "max", "maximum"),
    ("pooling_mode_mean_tokens", "mean", "mean"),
    ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens", "root"),
)
_ACTIVATIONS = {
    "Identity": "none",
    "Tanh": "tanh",
    "ReLU": "relu",
    "GELU": "gelu",
    "SiLU": "silu",
}


def is_embedder(folder: Path) -> bool:
    """Tell whether the folder is one of sentence-transformers."""
    return (folder / MODULES).is_file()


def read_limit(folder: Path) -> int | None:
    """Give how many pieces an embedder reads, where its folder says so."""
    path = folder / "sentence_bert_config.json"
    limit = read_json(path).get("max_seq_length") if path.is_file() else None
    return limit if isinstance(limit, int) and limit > 0 else None


def embedder(folder: Path, weights: Weights, asked: Asked) -> Imported:
    """Read the modules behind the encoder; EdgetextError for one that is not known."""
    head: dict[str, Any] = {"type": "pretrained_embed", "dimension": asked.dimension}
    fields: dict[str, list[Any]] = {"pooling": [], "dense": [], "biases": [], "activations": []}
    tensors: dict[str, Tensor] = {}
    path = folder / MODULES
    modules = read_json(path, list)
    first = str(modules[0].get("type", "")).rpartition(".")[2] if modules else ""
    normalized = False
    for module in modules[1:]:
        kind = str(module.get("type", "")).rpartition(".")[2]
        inner = folder / str(module.get("path", ""))
        if folder.resolve() not in inner.resolve().parents:
            raise EdgetextError(f"{path}: {module.get('path')!r} is no folder in this one")
        if kind == "Pooling":
            fields["pooling"] = _pooling(inner)
        elif kind == "Dense":
            tensors |= _dense(inner, fields)
        elif kind == "Normalize":
            normalized = True
        else:
            raise EdgetextError(
                f"{path}: modules of type {kind!r} are not imported (those are: Pooling, Dense, "
                "Normalize)"
            )
    if first != "Transformer":
        raise EdgetextError(f"{path}: its first module is {first!r}, and it must be a Transformer")
    if not fields["pooling"]:
        raise EdgetextError(f"{path}: it names no Pooling, which makes one vector of a text")
    if not normalized:
        _log.info("vectors are made of length 1, which changes no cosine")
    return Imported("embed", {"intent": [], "tags": []}, {**head, **fields}, tensors)


def _pooling(folder: Path) -> list[str]:
    path = folder / "config.json"
    config = read_json(path)
    modes = config.get("pooling_mode")
    if modes is None:
        known = {flag: pooling for flag, _, pooling in _POOLINGS}
        flags = [key for key in config if key.startswith("pooling_mode_") and config[key]]
        modes = [key for key in known if key in flags] + [key for key in flags if key not in known]
    else:
        known = {mode: pooling for _, mode, pooling in _POOLINGS}
        modes = [str(mode) for mode in (modes if isinstance(modes, list) else [modes])]
    unknown = next((mode for mode in modes if mode not in known), None)
    if unknown is not None or not modes:
        fault = "it names no pooling" if unknown is None else f"{unknown} is not imported"
        raise EdgetextError(f"{path}: {fault}; the poolings are cls, max, mean and mean_sqrt_len")
    return [known[mode] for mode in modes]


def _dense(folder: Path, fields: dict[str, list[Any]]) -> dict[str, Tensor]:
    """Read a layer, its weights in a file of its own."""
    path = folder / "config.json"
    config = read_json(path)
    activation = str(config.get("activation_function", "Tanh")).rpartition(".")[2]
    if activation not in _ACTIVATIONS:
        raise EdgetextError(
            f"{path}: the activation {activation} is not imported (those are: "
            f"{', '.join(_ACTIVATIONS)})"
        )
    inputs, outputs = config.get("in_features"), config.get("out_features")
    if not isinstance(inputs, int) or not isinstance(outputs, int):
        raise EdgetextError(f"{path}: in_features and out_features must be numbers")
    bias = bool(config.get("bias", True))
    weights = Weights.read(folder)
    tensors = linear(
        weights, "linear", f"head.layers.{len(fields['dense'])}", outputs, inputs, bias
    )
    weights.check_taken()
    fields["dense"].append(outputs)
    fields["biases"].append(bias)
    fields["activations"].append(_ACTIVATIONS[activation])
    return tensors
