"""Whole words from a model that suggests pieces: a small beam over a few runs of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from edgetext.text.character_rules import ISOLATED
from edgetext.text.unicode import character_rules

# Words of more pieces than this are not finished.
DEPTH = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that may come next: its id, its probability, its bytes, of which the first `typed`
    stand in the text already. A piece without bytes says that the word is finished as it is."""

    id: int
    score: float
    data: bytes
    typed: int

    @property
    def rest(self) -> bytes:
        """What to append to the text."""
        return self.data[self.typed :]


@dataclass(frozen=True, slots=True)
class Word:
    """What to append to a text so that its last word is whole, or for the next word; and the
    probability of that. Nothing to append says that the last word is whole as it is."""

    rest: bytes
    score: float


def complete(
    ask: Callable[[bytes], tuple[Piece, ...]], text: bytes, first: tuple[Piece, ...], best: int
) -> tuple[Word, ...]:
    """The `best` likeliest words, ends to the word that the text ends in, or words after it.

    ask: the pieces that may follow a text; first: those that follow `text`. The probability of a
    word is the product of its pieces', the last of which says that it is finished. The search stops
    when no unfinished word can overtake the finished ones: usually after `best` + 1 runs.
    """
    done = [Word(b"", piece.score) for piece in first if not piece.data]
    unfinished = [(piece.score, piece.rest, 1) for piece in first if piece.data]
    while unfinished:
        unfinished.sort(key=lambda end: -end[0])
        score, rest, depth = unfinished.pop(0)
        done.sort(key=lambda word: -word.score)
        if len(done) >= best and done[best - 1].score >= score:
            break
        if stands_alone(rest):
            done.append(Word(rest, score))
        elif depth <= DEPTH:
            for piece in ask(text + rest):
                if not piece.data:
                    done.append(Word(rest, score * piece.score))
                else:
                    unfinished.append((score * piece.score, rest + piece.rest, depth + 1))
    done.sort(key=lambda word: -word.score)
    return tuple(done[:best])


def whole(text: bytes, word: Word) -> str:
    """The word, with what stands of it in the text."""
    begun = b"" if stands_alone(text) else text.split(b" ")[-1]
    return (begun + word.rest).decode("utf-8", "replace")


def stands_alone(text: bytes) -> bool:
    """Whether the last character is a word by itself, as a comma: nothing can be added to it."""
    character = text.decode("utf-8", "replace")[-1:]
    if not character:
        return False
    rule = character_rules(lowercase=False, strip_accents=False).get(ord(character))
    return rule is not None and rule.kind == ISOLATED
