"""Whether a recipe's `text` says the same as the tokenizer of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.recipe import TextConfig
from edgetext.text.clusters import AUTO
from edgetext.text.imported.tokenizer import ImportedTokenizer


def check_text(text: TextConfig, tokenizer: ImportedTokenizer, folder: Path) -> None:
    """EdgetextError for the first field that was given and that the tokenizer contradicts.

    `max_bytes` is the recipe's own.
    """
    for name, reason in _contradictions(text, tokenizer):
        if name in text.model_fields_set:
            raise EdgetextError(
                f"text.{name}: {reason} by the tokenizer of {folder}, with which a pretrained "
                "encoder reads; leave the field out"
            )


def _contradictions(text: TextConfig, tokenizer: ImportedTokenizer) -> Iterator[tuple[str, str]]:
    """Each field that says something else, and what the tokenizer says."""
    folds, strips = _folds_case(tokenizer.settings), _strips_accents(tokenizer.settings)
    if text.vocabulary != len(tokenizer):
        yield "vocabulary", f"{len(tokenizer):,} pieces are given"
    if text.lowercase != folds:
        yield "lowercase", f"case is {'folded' if folds else 'kept'}"
    if text.keep_accents and strips:
        yield "keep_accents", "accents are taken off"
    for name, default in (
        ("vocabulary_file", None),
        ("hashed", None),
        ("min_frequency", 1),
        ("fold_width", False),
        ("look_alikes", False),
    ):
        if getattr(text, name) != default:
            yield name, "pieces and words are given"
    if text.clusters not in (AUTO, False, []):
        yield "clusters", "words are given"


def _folds_case(settings: Mapping[str, Any]) -> bool:
    return any(
        stage["type"] == "Lowercase"
        or (stage["type"] == "BertNormalizer" and bool(stage.get("lowercase", True)))
        for stage in _normalizers(settings.get("normalizer"))
    )


def _strips_accents(settings: Mapping[str, Any]) -> bool:
    for stage in _normalizers(settings.get("normalizer")):
        if stage["type"] == "StripAccents":
            return True
        if stage["type"] == "BertNormalizer":
            # Where it is not said, accents go with case.
            strips = stage.get("strip_accents")
            return bool(stage.get("lowercase", True) if strips is None else strips)
    return False


def _normalizers(stage: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """A normalizer's stages, those of a sequence one by one."""
    if stage is None:
        return
    if stage["type"] == "Sequence":
        for inner in stage["normalizers"]:
            yield from _normalizers(inner)
    else:
        yield stage
