"""The field of a recipe by which words are cut at random while a network learns."""

from __future__ import annotations

from pydantic import Field

from edgetext.core.errors import EdgetextError

# Left out where nothing was chosen, so that checkpoints are as they were before it came.
SEGMENTATION = Field(
    0.0,
    ge=0,
    lt=1,
    exclude_if=lambda value: value == 0,
    description="how often the longest piece that matches is passed over, so that each epoch cuts "
    "words into other pieces; 0 = off",
)


def check_segmentation(segmentation: float, encoder: str, *, hashed: bool, where: str) -> None:
    """EdgetextError where words have no pieces of a vocabulary, as far as a recipe tells.

    encoder: its type. hashed: whether the recipe hashes words. where: what `training` is called,
    as "FILE: student.training".
    """
    if not segmentation:
        return
    if hashed:
        raise EdgetextError(
            f"{where}.segmentation: words that are hashed have no pieces to cut; leave it out, or "
            "remove text.hashed"
        )
    if encoder == "pretrained":
        raise EdgetextError(
            f"{where}.segmentation: published weights are read by a tokenizer of their own, which "
            "cuts words in one way; leave it out, or take another encoder"
        )
