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
# Patterns of Replace that are of one character each.
_OF_ONE = frozenset((r"\n", r"\t", r"\r", r"[\n\r\t]", "[\n\r\t]", r"\s"))


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
    stages = parts_of(settings.get("normalizer"))
    if len(splits) > 1:
        stages = [stage for stage in stages if not _spaces_alone(stage)]
        known = [is_by_character(stage) for stage in stages]
    else:
        sign = metaspace["replacement"]
        last = len(stages) - len(blank_stages(settings))
        known = [is_by_character(stage) for stage in stages[:last]] + [True] * (len(stages) - last)
        # Strip takes spaces, not signs for them.
        if any(_joins(stage, sign) and not _joins(stage, " ") for stage in stages[last:-1]):
            refuse(source, "normalizer", f"is Replace by {sign!r} before another stage")
    for stage, is_known in zip(stages, known, strict=True):
        if not is_known:
            refuse(source, "normalizer", f"is {_words(stage)} before Unigram")


def parts_of(stage: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Give the stages of a normalizer or pre-tokenizer, which may be a sequence of sequences."""
    if stage is None:
        return []
    inner = stage.get("normalizers", stage.get("pretokenizers"))
    return [stage] if inner is None else [part for each in inner for part in parts_of(each)]


def is_by_character(stage: Mapping[str, Any]) -> bool:
    """Whether a normalizer's stage can be asked about each character by itself."""
    if _type(stage) != "Replace":
        return _type(stage) in BY_CHARACTER
    (kind, pattern), content = next(iter(stage["pattern"].items())), stage["content"]
    single = len(pattern) == 1 and pattern not in "\\^$.|?*+()[]{}"
    known = len(pattern) == 1 if kind == "String" else single or pattern in _OF_ONE
    return known and len(content) < 2


def blank_stages(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the last stages of a Unigram model's normalizer, those that only take blanks away; none
    where blanks part words anyway."""
    *splits, metaspace = parts_of(settings["pre_tokenizer"])
    given: list[Mapping[str, Any]] = []
    for stage in [] if splits else reversed(parts_of(settings.get("normalizer"))):
        if not (_type(stage) == "Strip" or _joins(stage, " ", metaspace["replacement"])):
            break
        given.insert(0, stage)
    return given


def _joins(stage: Mapping[str, Any], *contents: str) -> bool:
    """Whether it makes one of several spaces."""
    several = stage.get("pattern") == {"Regex": " {2,}"}
    return several and stage.get("content") in contents


def _words(stage: Mapping[str, Any]) -> str:
    if _type(stage) != "Replace":
        return _type(stage)
    return f"Replace of {next(iter(stage['pattern'].values()))!r} by {stage['content']!r}"


def _spaces_alone(stage: Mapping[str, Any]) -> bool:
    """Whether it changes only how many spaces stand beside each other or at the ends."""
    return _type(stage) == "Strip" or _joins(stage, " ")


def _type(stage: Mapping[str, Any] | None) -> str:
    return "none" if stage is None else str(stage["type"])
