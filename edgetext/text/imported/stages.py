"""Which stages of a tokenizer can be compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgetext.text.imported.refusal import refuse


def check_stages(settings: Mapping[str, Any], source: str) -> None:
    """EdgetextError for the first stage of a `tokenizer.json` that cannot be compiled.

    The post-processor is read by text.imported.template.
    """
    model = settings["model"]
    kind = model.get("type", "WordPiece")
    if kind != "WordPiece":
        refuse(source, "model", f"is {kind}")
    _check_word_piece(settings, source)


def _check_word_piece(settings: Mapping[str, Any], source: str) -> None:
    model = settings["model"]
    if model.get("continuing_subword_prefix", "##") != "##":
        refuse(source, "model", f"continues words with {model['continuing_subword_prefix']!r}")
    normalizer, splitter = settings.get("normalizer"), settings.get("pre_tokenizer")
    if _type(normalizer) != "BertNormalizer":
        refuse(source, "normalizer", f"is {_type(normalizer)}")
    if _type(splitter) != "BertPreTokenizer":
        refuse(source, "pre-tokenizer", f"is {_type(splitter)}")


def _type(stage: Mapping[str, Any] | None) -> str:
    return "none" if stage is None else str(stage["type"])
