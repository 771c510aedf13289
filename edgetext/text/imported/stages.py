"""Which stages of a tokenizer can be compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgetext.text.imported.bytes import byte_pieces, read_merges
from edgetext.text.imported.refusal import refuse

# Normalizers that also join a letter and a mark after it, or put marks in another order, which is
# left aside.
JOINING = frozenset(("NFC", "NFKC", "Precompiled"))
ORDERING = frozenset(("NFC", "NFD", "NFKC", "NFKD"))
# Normalizers whose every character is read by itself.
BY_CHARACTER = JOINING | ORDERING | {"Lowercase", "StripAccents", "Nmt"}


def check_stages(settings: Mapping[str, Any], source: str) -> None:
    """EdgetextError for the first stage of a `tokenizer.json` that cannot be compiled.

    The post-processor is read by text.imported.template, added tokens by text.imported.added.
    """
    kind = kind_of(settings)
    if kind == "WordPiece":
        _check_word_piece(settings, source)
    elif kind == "BPE":
        _check_bpe(settings, source)
    elif kind == "Unigram":
        _check_unigram(settings, source)
    else:
        refuse(source, "model", f"is {kind}")


def kind_of(settings: Mapping[str, Any]) -> str:
    """Name the model; files of old releases leave it out."""
    model = settings["model"]
    if "type" in model:
        return str(model["type"])
    return "BPE" if "merges" in model else "WordPiece"


def _check_word_piece(settings: Mapping[str, Any], source: str) -> None:
    model = settings["model"]
    if model.get("continuing_subword_prefix", "##") != "##":
        refuse(source, "model", f"continues words with {model['continuing_subword_prefix']!r}")
    normalizer, splitter = settings.get("normalizer"), settings.get("pre_tokenizer")
    if _type(normalizer) != "BertNormalizer":
        refuse(source, "normalizer", f"is {_type(normalizer)}")
    if _type(splitter) != "BertPreTokenizer":
        refuse(source, "pre-tokenizer", f"is {_type(splitter)}")


def _check_bpe(settings: Mapping[str, Any], source: str) -> None:
    normalizer, splitter = settings.get("normalizer"), settings.get("pre_tokenizer")
    if _type(normalizer) not in ("none", "NFC"):
        refuse(source, "normalizer", f"is {_type(normalizer)} before byte-level BPE")
    if _type(splitter) != "ByteLevel" or splitter is None:
        refuse(source, "pre-tokenizer", f"is {_type(splitter)} before BPE")
    if not splitter.get("use_regex", True):
        refuse(source, "pre-tokenizer", "is ByteLevel without its pattern")
    model = settings["model"]
    for option in ("dropout", "continuing_subword_prefix", "end_of_word_suffix"):
        if model.get(option):
            refuse(source, "model", f"is BPE with {option} {model[option]!r}")
    for option in ("byte_fallback", "ignore_merges"):
        if model.get(option):
            refuse(source, "model", f"is BPE with {option}")
    _check_merges(model, source)


def _check_merges(model: Mapping[str, Any], source: str) -> None:
    """Refuse what text.imported.merges cannot judge: its order of time is that of ranks."""
    known = byte_pieces(model)
    lacking = next((byte for byte in range(256) if bytes([byte]) not in known), None)
    if lacking is not None:
        refuse(source, "model", f"is BPE without a piece for the byte {lacking:#04x}")
    try:
        merges = read_merges(model)
    except KeyError as error:
        refuse(source, "model", f"is BPE whose piece {error} spells no bytes")
    spelled = {bytes([byte]) for byte in range(256)}
    for merge in merges:
        if merge.whole in spelled:
            refuse(source, "model", f"makes {merge.whole!r} in two ways")
        if merge.left not in spelled or merge.right not in spelled:
            refuse(source, "model", f"merges {merge.whole!r} before its parts")
        spelled.add(merge.whole)


def _check_unigram(settings: Mapping[str, Any], source: str) -> None:
    model = settings["model"]
    if model.get("byte_fallback"):
        refuse(source, "model", "is Unigram with byte_fallback")
    if model.get("unk_id") is None:
        refuse(source, "model", "is Unigram without a piece for what is unknown")
    splits = [_type(stage) for stage in parts_of(settings.get("pre_tokenizer"))]
    if splits not in (["Metaspace"], ["WhitespaceSplit", "Metaspace"]):
        refuse(source, "pre-tokenizer", f"is {' and '.join(splits) or 'none'} before Unigram")
    metaspace = parts_of(settings["pre_tokenizer"])[-1]
    if not metaspace.get("split", True):
        refuse(source, "pre-tokenizer", "is Metaspace that does not split")
    for stage in parts_of(settings.get("normalizer")):
        if _type(stage) not in BY_CHARACTER and not (len(splits) > 1 and _spaces_alone(stage)):
            refuse(source, "normalizer", f"is {_type(stage)} before Unigram")


def parts_of(stage: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Give the stages of a normalizer or pre-tokenizer, which may be a sequence of sequences."""
    if stage is None:
        return []
    inner = stage.get("normalizers", stage.get("pretokenizers"))
    return [stage] if inner is None else [part for each in inner for part in parts_of(each)]


def _spaces_alone(stage: Mapping[str, Any]) -> bool:
    """Whether it changes only how many spaces stand beside each other or at the ends."""
    replaced = stage.get("pattern", {}).get("Regex"), stage.get("content")
    return _type(stage) == "Strip" or replaced == (" {2,}", " ")


def _type(stage: Mapping[str, Any] | None) -> str:
    return "none" if stage is None else str(stage["type"])
