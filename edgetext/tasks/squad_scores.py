"""Exact match and F1 of answers, as SQuAD's own script gives them.

Rajpurkar et al. 2016, §6.1. An answer is compared in lower case, without ASCII punctuation and
without the English articles, in every language, as TyDi QA's gold passages are scored; words are
what stands between spaces, so F1 of a language without spaces is all or nothing.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from edgetext.tasks.metrics import f1_of_counts

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalized(answer: str) -> str:
    """The answer as it is compared."""
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, references: Sequence[str]) -> float:
    """1 when the answer is one of the references, else 0; "" is right where there are none."""
    return float(normalized(answer) in {normalized(r) for r in references or ("",)})


def f1(answer: str, references: Sequence[str]) -> float:
    """The best F1 of words against a reference, 0 to 1; "" is right where there are none."""
    return max(_overlap(normalized(answer), normalized(r)) for r in references or ("",))


def _overlap(answer: str, reference: str) -> float:
    given, wanted = answer.split(), reference.split()
    if not given or not wanted:
        return float(given == wanted)
    hits = (Counter(given) & Counter(wanted)).total()
    return f1_of_counts(hits, len(given), len(wanted))
