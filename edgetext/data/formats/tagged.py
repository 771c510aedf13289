"""Formats with a tag at each word: seq.in/seq.out/label folders, CoNLL columns, `word:tag` lines.

The text is the words joined by single spaces, unless a reader's `spacing` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.lines import decode, read_lines
from edgetext.data.reader import Item, Reader, ReaderConfig, attempt, make_example
from edgetext.data.scripts import without_space
from edgetext.data.tags import Scheme, TagError, chunks, detect, read_as_conlleval
from edgetext.data.taken import Taken
from edgetext.registry import register

SchemeName = Literal["auto", "bio", "iob1", "iob", "iobes", "bilou", "io", "words"]


@dataclass(frozen=True, slots=True)
class TaggedWords:
    """Words, as many tags, and the source ("file:line") of each tag; sources[0] is the text's.

    by_script: no space between words whose script is written without.
    """

    words: Sequence[str]
    tags: Sequence[str]
    intent: str | None
    sources: Sequence[str]
    by_script: bool = False


class TaggedConfig(ReaderConfig):
    """A scheme for the tags."""

    scheme: SchemeName = Field(
        "auto",
        description="auto: the scheme that fewest of the file's tags break, and those are read as "
        "conlleval does; words: a tag is its word's label; io: neighbours of one label are a span",
    )


class TaggedReader(Reader):
    """Tags to spans; a format overrides `sentences`."""

    Config: ClassVar[type[ReaderConfig]] = TaggedConfig

    def __init__(self, config: TaggedConfig) -> None:
        super().__init__(config)
        self.scheme = config.scheme

    def sentences(self, path: Path) -> Iterator[TaggedWords | EdgetextError]:
        """Each sentence, or what is wrong with its lines."""
        raise NotImplementedError

    def taken(self, path: Path) -> Taken:
        """Tell the tags' scheme."""
        if self.scheme != "auto":
            return Taken((f"tags: {self.scheme.upper()}",))
        found = detect(s.tags for s in self.sentences(path) if isinstance(s, TaggedWords))
        words = {"words": "a label a word", "io": "labels without prefixes, neighbours are a span"}
        return Taken((f"tags: {words.get(found, found.upper())}",))

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        items = list(self.sentences(path))
        tags = (item.tags for item in items if isinstance(item, TaggedWords))
        scheme = detect(tags) if self.scheme == "auto" else self.scheme
        for item in items:
            if isinstance(item, TaggedWords):
                yield attempt(tagged_example, item, scheme, any_order=self.scheme == "auto")
            else:
                yield item


def tagged_example(sentence: TaggedWords, scheme: Scheme, any_order: bool = False) -> Example:
    """Make the example of a sentence.

    any_order: read tags that break the scheme as conlleval does, with a remark for each, instead of
    raising EdgetextError.
    """
    odd = 0
    try:
        if any_order:
            spans_of_words, odd = read_as_conlleval(sentence.tags, scheme)
        else:
            spans_of_words = chunks(sentence.tags, scheme)
    except TagError as error:
        raise EdgetextError(f"{sentence.sources[error.position]}: the tag {error}") from error
    text = ""
    starts = []
    for word in sentence.words:
        if text and not (sentence.by_script and without_space(text[-1], word[0])):
            text += " "
        starts.append(len(text))
        text += word
    spans = (
        (label, starts[first], starts[end - 1] + len(sentence.words[end - 1]))
        for label, first, end in spans_of_words
    )
    source = sentence.sources[0] if sentence.sources else ""
    example = make_example(text, sentence.intent, spans, source)
    remark = f"tags that break {scheme.upper()} were read as conlleval reads them"
    return replace(example, remarks=(*example.remarks, *(remark,) * odd)) if odd else example


def words_of(line: str) -> list[str]:
    """The words between spaces. Not str.split: a no-break space is part of a word."""
    return [word for word in line.replace("\t", " ").split(" ") if word]


@register("reader", "seq_folder")
class SeqFolder(TaggedReader):
    """A folder a split with the files seq.in (words), seq.out (tags) and label (intent).

    Line n of each belongs to line n of the others. The files may be gzip, with or without `.gz`.
    """

    def sentences(self, path: Path) -> Iterator[TaggedWords | EdgetextError]:
        if not path.is_dir():
            raise EdgetextError(
                f"{path}: a seq_folder is a folder with seq.in, seq.out and label; check the path"
            )
        files = [_member(path, name) for name in ("seq.in", "seq.out", "label")]
        rows = zip_longest(*(read_lines(file) for file in files))
        for number, lines in enumerate(rows, start=1):
            if not all(lines):
                missing = [str(f) for f, line in zip(files, lines, strict=True) if line is None]
                raise EdgetextError(
                    f"{missing[0]}:{number}: the file ends before {path}'s other files do; "
                    "give all three as many lines"
                )
            if any(line.strip() for _, line in lines):
                yield self._sentence(files, number, [line for _, line in lines])

    def _sentence(
        self, files: Sequence[Path], number: int, lines: Sequence[bytes]
    ) -> TaggedWords | EdgetextError:
        sources = [f"{file}:{number}" for file in files]
        try:
            texts = [decode(line, source) for line, source in zip(lines, sources, strict=True)]
        except EdgetextError as error:
            return error
        words, tags = words_of(texts[0]), words_of(texts[1])
        if len(words) != len(tags):
            return EdgetextError(
                f"{sources[1]}: {len(tags)} tags for {len(words)} words of {files[0].name}; "
                "give each word one tag"
            )
        if not texts[2].strip():
            return EdgetextError(f"{sources[2]}: the label is empty; write one")
        return TaggedWords(words, tags, texts[2].strip(), [sources[0]] * max(1, len(words)))


def _member(folder: Path, name: str) -> Path:
    packed = folder / f"{name}.gz"
    return packed if packed.exists() and not (folder / name).exists() else folder / name


class MtodConfig(TaggedConfig):
    """The published files have I- tags that begin spans, so `iob` is the default; and a space
    between any two words, also those of Thai, which is written without."""

    spacing: Literal["words", "script"] = Field(
        "words",
        description="words: a space between any two; script: none between two words of a script "
        "that is written without (Thai, Lao, Khmer, Burmese, Chinese, Japanese)",
    )

    scheme: SchemeName = "iob"


@register("reader", "mtod")
class Mtod(TaggedReader):
    """`word:tag word:tag … <=> intent` lines, as the multilingual task-oriented data has them."""

    Config = MtodConfig

    def __init__(self, config: MtodConfig) -> None:
        super().__init__(config)
        self.spacing = config.spacing

    def sentences(self, path: Path) -> Iterator[TaggedWords | EdgetextError]:
        for number, row in read_lines(path):
            if row.strip():
                try:
                    yield self._sentence(row, f"{path}:{number}")
                except EdgetextError as error:
                    yield error

    def _sentence(self, row: bytes, source: str) -> TaggedWords:
        body, arrow, intent = decode(row, source).rpartition(" <=> ")
        if not arrow or not intent.strip():
            raise EdgetextError(
                f"{source}: no ` <=> ` with an intent after it; write `word:tag … <=> intent`"
            )
        words, tags = [], []
        for pair in words_of(body):
            word, _, tag = pair.rpartition(":")
            if not word or not tag:
                raise EdgetextError(f"{source}: {pair!r} is not `word:tag`; give the word one tag")
            words.append(word)
            tags.append(tag)
        sources = [source] * max(1, len(words))
        return TaggedWords(words, tags, intent.strip(), sources, self.spacing == "script")
