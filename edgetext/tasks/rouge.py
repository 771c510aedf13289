"""ROUGE: what a summary shares with those that people wrote (Lin 2004)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from edgetext.core.errors import EdgetextError


class Rouge(NamedTuple):
    """F-measures of single words, of pairs of words and of the longest common subsequence, 0 to 1.

    Tuples compare by the first of them.
    """

    rouge1: float
    rouge2: float
    rouge_l: float


def best_rouge(summary: str, references: Sequence[str]) -> Rouge:
    """Against the reference with which the summary shares most single words.

    All three figures are that reference's, as SciTLDR's evaluation takes them (Cachola et al.
    2020, §4.2). Words are runs of letters and digits of ASCII in small letters, not stemmed.
    EdgetextError where the library rouge-score is not installed.
    """
    return max(_rouge(summary, reference) for reference in references)


@lru_cache(maxsize=200_000)
def _rouge(summary: str, reference: str) -> Rouge:
    found = _scorer().score(reference, summary)
    return Rouge(*(float(found[kind].fmeasure) for kind in ("rouge1", "rouge2", "rougeL")))


@cache
def _scorer() -> Any:
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ImportError as error:
        raise EdgetextError(
            "task summarize measures with the library rouge-score, which is not installed; "
            "`pip install 'edgetext[summarize]'`"
        ) from error
    return RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
