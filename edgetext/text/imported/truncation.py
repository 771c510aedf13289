"""What is left out of a pair of texts that is too long, by the names of `tokenizers`."""

from __future__ import annotations

LONGEST_FIRST, ONLY_SECOND = "longest_first", "only_second"
