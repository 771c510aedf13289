"""What is said of a tokenizer that cannot be compiled."""

from __future__ import annotations

from typing import NoReturn

from edgetext.core.errors import EdgetextError


def refuse(source: str, stage: str, reason: str) -> NoReturn:
    """Raise the EdgetextError that a stage of a tokenizer cannot be compiled.

    source: the file; stage: "normalizer", "pre-tokenizer", "model", "post-processor" or "added
    tokens"; reason: a clause with the stage as its subject.
    """
    raise EdgetextError(
        f"{source}: the tokenizer's {stage} {reason}, which cannot be compiled into a file; "
        "`edgetext distill` trains a student with pieces of its own from such a teacher"
    )
