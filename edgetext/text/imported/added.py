"""Added tokens, as "[SEP]", as a `tokenizer.json` has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from tokenizers.normalizers import NFC
from tokenizers.pre_tokenizers import BertPreTokenizer

from edgetext.text.imported.refusal import refuse


@dataclass(frozen=True, slots=True)
class AddedToken:
    """content: what is found; lstrip, rstrip: whether blanks beside it are its own; late: whether
    it is found in what the tokens that are not late leave over, and in normalized text; alone:
    whether it is none beside a character of a word."""

    content: str
    id: int
    lstrip: bool
    rstrip: bool
    late: bool
    alone: bool = False


def added_tokens(settings: Mapping[str, Any], source: str) -> list[AddedToken]:
    """Read the added tokens of a `tokenizer.json`, in their order; of equal ones the first counts.

    EdgetextError for a token that cannot be found as `tokenizers` finds it. But for NFC, where a
    normalizer stands before the search for special tokens, `normalized` of them is left aside.
    """
    entries = [token for token in settings.get("added_tokens", []) if token["content"]]
    normalizer = settings.get("normalizer")
    keeps_normalized = normalizer is None or normalizer["type"] == "NFC"
    by_content: dict[str, AddedToken] = {}
    for entry in entries:
        name = entry["content"]
        late = bool(entry.get("normalized"))
        if late and not keeps_normalized and not entry.get("special"):
            refuse(source, "added tokens", f"have {name!r}, which is found in normalized text")
        late = late and keeps_normalized
        content = NFC().normalize_str(name) if late and normalizer else name
        strips = bool(entry.get("lstrip")), bool(entry.get("rstrip"))
        alone = bool(entry.get("single_word"))
        if alone and _is_word_piece(name, settings):
            refuse(source, "added tokens", f"have {name!r} with single_word, which is a piece too")
        by_content.setdefault(content, AddedToken(content, entry["id"], *strips, late, alone))
    tokens = list(by_content.values())
    for one, other in product(tokens, repeat=2):
        if one.rstrip and one.late == other.late and other.content[0].isspace():
            refuse(
                source,
                "added tokens",
                f"have {one.content!r} with rstrip beside {other.content!r}, which begins with a "
                "blank",
            )
    return tokens


def _is_word_piece(name: str, settings: Mapping[str, Any]) -> bool:
    """Whether WordPiece may take a token's content where it is none: a word begins with it."""
    model = settings["model"]
    if "merges" in model or isinstance(model["vocab"], list) or name not in model["vocab"]:
        return False
    return len(BertPreTokenizer().pre_tokenize_str(name)) == 1


def any_overlap(contents: Sequence[str]) -> bool:
    """Whether one can begin within another, or two at the same place."""
    return any(_overlap(one, other) for one, other in product(contents, repeat=2))


def _overlap(one: str, other: str) -> bool:
    return any(
        one[at:].startswith(other) or other.startswith(one[at:])
        for at in range(one == other, len(one))
    )
