"""What a reader yields and everything later takes: a text with its labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from edgetext.data.text_range import TextRange

# Stands for a word that a text does not tell. It is no character and never will be one (Unicode,
# chapter 23.7), so no vocabulary holds it and every text graph reads [UNK].
UNKNOWN_WORD = "\U0009fffe"


@dataclass(frozen=True, slots=True, order=True)
class Span(TextRange):
    """A labeled piece of a text: bytes `start` to `end` of its UTF-8 form, `end` exclusive."""

    label: str
    start: int
    end: int
    content: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Node(TextRange):
    """A node of a text's tree over bytes `start` to `end`, `end` exclusive; the root's depth is 0.

    The nodes of a tree stand in preorder, a parent before its children.
    """

    label: str
    start: int
    end: int
    depth: int
    content: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sentence(TextRange):
    """A sentence of a text: bytes `start` to `end`, `end` exclusive, and how good it is as the
    text's summary, None where that is not known."""

    start: int
    end: int
    score: float | None = None
    content: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Example:
    """A text, its intent (None where it is not labeled) and its spans in the order of the text.

    `intents` are its labels where a text may have none or several; then `intent` is the label of a
    text that has exactly one.
    `source` says where it was read, as "file:line", for messages about it; `task` whose example it
    is among those of a model of several tasks, as "name=task"; `nodes` its tree, where it has one;
    `references` the texts that an answer is compared with, where a task answers in text;
    `sentences` those that the data parts it into, where it does; `text_b` the second text, where a
    task reads two; `remarks` what its reader mended, in words that can be counted; `clean` the
    example as it was before noise changed its texts, where it did.
    """

    text: str
    intent: str | None
    spans: tuple[Span, ...] = ()
    source: str = ""
    task: str = ""
    nodes: tuple[Node, ...] = ()
    references: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    text_b: str | None = None
    intents: tuple[str, ...] | None = None
    remarks: tuple[str, ...] = ()
    clean: Example | None = field(default=None, compare=False, repr=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """What a model is asked: one text, or two."""
        return (self.text,) if self.text_b is None else (self.text, self.text_b)

    @property
    def text_labels(self) -> tuple[str, ...] | None:
        """The labels of the text as a whole: none, one or several; None where it is not labeled."""
        if self.intents is None and self.intent is not None:
            return (self.intent,)
        return self.intents

    @property
    def labels(self) -> set[tuple[str, str]]:
        """Each label of the example once, after its kind: intent, slot or node."""
        parts = {("slot", span.label) for span in self.spans}
        parts |= {("node", node.label) for node in self.nodes}
        return parts | {("intent", label) for label in self.text_labels or ()}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a file holds and nobody trains on, by its own word, as an annotation that was rejected.

    `reason` is in words that can be counted; `source` is "file:line".
    """

    reason: str
    source: str
