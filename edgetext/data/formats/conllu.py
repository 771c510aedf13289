"""CoNLL-U, the format of Universal Dependencies: a label at each syntactic word of a raw text.

A syntactic word need not be a word of the text. "don't" is two of them, "do" and "n't", written as
one multiword token (`1-2`). A model's labels stand at words, and its words end where letters do
("don", "'", "t"), so the words that meet inside a run of letters share one span, whose label joins
theirs with "+": "AUX+PART" for "don't". "it's" is cut at its apostrophe and stays two spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.lines import blocks, decode, read_lines
from edgetext.data.reader import Item, Reader, ReaderConfig, attempt, make_example
from edgetext.registry import register

_COLUMNS = 10
_LABELS = {"upos": 3, "xpos": 4, "deprel": 7}
_ID = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+)|\.(?P<empty>\d+))?")
_TEXT = re.compile(r"#\s*text\s*=\s?(.*)")
_MISSING = "_"


class ConlluConfig(ReaderConfig):
    """Which label, and which text."""

    label: Literal["upos", "xpos", "deprel"] = Field("upos", description="the label of a word")
    spacing: Literal["raw", "words"] = Field(
        "raw",
        description="raw: the text as it was written; words: its syntactic words with a space "
        "between any two, as taggers are given that do not split texts themselves",
    )


@dataclass(frozen=True, slots=True)
class Token:
    """What is written as one: form, the syntactic words in it with their labels, and whether a
    space follows. Of one word, unless it is a multiword token."""

    form: str
    words: Sequence[str]
    labels: Sequence[str]
    space_after: bool
    source: str


@register("reader", "conllu")
class Conllu(Reader):
    """Ten columns a word, an empty line after each sentence. Empty nodes (`8.1`) are left out."""

    Config: ClassVar[type[ReaderConfig]] = ConlluConfig
    options: ClassVar[Mapping[str, str]] = {"label": "label"}

    def __init__(self, config: ConlluConfig) -> None:
        super().__init__(config)
        self.config = config

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        for block in blocks(read_lines(path)):
            yield attempt(self._example, path, block)

    def _example(self, path: Path, block: Sequence[tuple[int, bytes]]) -> Example:
        lines = [(f"{path}:{number}", decode(row, f"{path}:{number}")) for number, row in block]
        comments = [_TEXT.fullmatch(line) for _, line in lines if line.startswith("#")]
        text = next((match[1] for match in comments if match), None)
        tokens = _tokens(
            [(source, line) for source, line in lines if not line.startswith("#")],
            _LABELS[self.config.label],
        )
        source = lines[0][0]
        if not tokens:
            raise EdgetextError(f"{source}: the sentence has no words; add them or remove it")
        if self.config.spacing == "words":
            words = [word for token in tokens for word in token.words]
            labels = [label for token in tokens for label in token.labels]
            starts = _starts_of_joined(words)
            spans = [
                (label, start, start + len(word))
                for word, label, start in zip(words, labels, starts, strict=True)
            ]
            return make_example(" ".join(words), None, _labeled(spans), source)
        if text is None:
            text = "".join(token.form + " " * token.space_after for token in tokens).rstrip(" ")
        spans = []
        for token, start in zip(tokens, _places(tokens, text), strict=True):
            spans += _spans(token, start)
        return make_example(text, None, _labeled(spans), source)


Span = tuple[str, int, int]  # label, first character, character after the last


def _labeled(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if _MISSING not in span[0].split("+")]


def _starts_of_joined(words: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts


def _tokens(lines: Sequence[tuple[str, str]], column: int) -> list[Token]:
    """The tokens of a sentence; EdgetextError naming the line of what is wrong with one."""
    tokens: list[Token] = []
    read, covered = 0, 0  # the last word's number; the last number of the open multiword token
    form, space, source = "", True, ""
    words: list[str] = []
    labels: list[str] = []
    for where, line in lines:
        columns = line.split("\t")
        if len(columns) != _COLUMNS:
            raise EdgetextError(
                f"{where}: {len(columns)} columns where CoNLL-U has {_COLUMNS}; "
                "separate them with tabs"
            )
        number = _ID.fullmatch(columns[0])
        if number is None:
            raise EdgetextError(
                f"{where}: {columns[0]!r} is no word number; write 1, 1-2 or 1.1 as CoNLL-U does"
            )
        if number["empty"]:
            continue
        if not columns[1]:
            raise EdgetextError(f"{where}: the word is empty; write one or remove the line")
        first, last = int(number["first"]), int(number["last"] or number["first"])
        if first != read + 1 or (number["last"] and (last <= first or read < covered)):
            raise EdgetextError(
                f"{where}: the number {columns[0]} follows {read}; number the words 1, 2, 3, … "
                "and each multiword token by its words"
            )
        ends_here = "SpaceAfter=No" in columns[9].split("|")
        if number["last"]:
            covered = last
            form, space, source, words, labels = columns[1], not ends_here, where, [], []
            continue
        read = first
        if read > covered:
            form, space, source, words, labels = columns[1], not ends_here, where, [], []
        words.append(columns[1])
        labels.append(columns[column])
        if read >= covered:
            tokens.append(Token(form, words, labels, space, source))
    if read < covered:
        raise EdgetextError(
            f"{source}: the multiword token {form!r} ends at word {covered}, but the sentence has "
            f"{read}; correct its number"
        )
    return tokens


def _places(tokens: Sequence[Token], text: str) -> list[int]:
    """Where in the text each token begins; EdgetextError where it is not what comes next."""
    places, at = [], 0
    for token in tokens:
        while at < len(text) and text[at].isspace() and not text.startswith(token.form, at):
            at += 1
        if not text.startswith(token.form, at):
            raise EdgetextError(
                f"{token.source}: the word {token.form!r} is not what stands next in `# text`, "
                f"{text[at : at + 20]!r}; make them agree"
            )
        places.append(at)
        at += len(token.form)
    if text[at:].strip():
        raise EdgetextError(
            f"{tokens[-1].source}: `# text` goes on after the last word with "
            f"{text[at : at + 20].strip()!r}; make them agree"
        )
    return places


def _spans(token: Token, start: int) -> list[Span]:
    """The spans of one token that begins at `start`: see the module."""
    if "".join(token.words) != token.form:
        return [("+".join(token.labels), start, start + len(token.form))]
    spans: list[Span] = []
    before = ""
    for word, label in zip(token.words, token.labels, strict=True):
        end = start + len(word)
        if spans and before.isalnum() and word[0].isalnum():
            spans[-1] = (f"{spans[-1][0]}+{label}", spans[-1][1], end)
        else:
            spans.append((label, start, end))
        start, before = end, word[-1]
    return spans
