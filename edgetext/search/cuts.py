"""What `compress` may leave of an imported teacher: layers, heads, inner widths, and the pieces in
use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from edgetext.compression.pruning.structure import widths
from edgetext.model.header import Header

LAYERS, PIECES = "layers", "pieces"
# The shares of them that may stay; what published weights are as wide as through all layers stays.
SHARES = {
    LAYERS: (1.0, 2 / 3, 1 / 2, 1 / 3),
    "heads": (1.0, 3 / 4, 1 / 2),
    "feed_forward": (1.0, 3 / 4, 1 / 2, 1 / 4),
}
# Of the pieces.
ALL, IN_USE = "all", "in use"
# An epoch of weights that are good already, and of a network that is many times a student's, is
# worth so many of a student's.
WORTH = 5
_KEPT = "kept_"

Choice = dict[str, Any]


class Suggests(Protocol):
    """An optuna trial, or whatever chooses."""

    def suggest_categorical(self, name: str, choices: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Cuts:
    """sizes: by field of the encoder how many there may be, the most, which is all, first."""

    sizes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, teacher: Header) -> Cuts:
        """Give the cuts of an imported teacher."""
        encoder = teacher.recipe["encoder"]
        wide = widths(teacher.recipe, len(teacher.pieces), teacher.labels)
        fields = {LAYERS, *(width.field.removeprefix("encoder.") for width in wide)}
        sizes = {}
        for name, shares in SHARES.items():
            if name in fields and name in encoder:
                full = int(encoder[name])
                # In their order, each once.
                sizes[name] = tuple(dict.fromkeys(max(1, round(x * full)) for x in shares))
        return cls(sizes)

    def suggest(self, trial: Suggests) -> Choice:
        """Choose how much stays of each field, and of the pieces."""
        sizes = {
            _KEPT + name: trial.suggest_categorical(_KEPT + name, choices)
            for name, choices in self.sizes.items()
        }
        return {**sizes, _KEPT + PIECES: trial.suggest_categorical(_KEPT + PIECES, (ALL, IN_USE))}

    def whole(self) -> Choice:
        """Give the choice of the whole teacher, but for pieces that no text uses."""
        return self._choice(0)

    def halved(self) -> Choice:
        """Give the choice of half the layers."""
        whole = self.whole()
        layers = self.sizes.get(LAYERS, ())
        half = {_KEPT + LAYERS: layers[len(layers) // 2]} if layers else {}
        return {**whole, **half}

    def smallest(self) -> Choice:
        """Give the choice that leaves least."""
        return self._choice(-1)

    def _choice(self, which: int) -> Choice:
        sizes = {_KEPT + name: choices[which] for name, choices in self.sizes.items()}
        return {**sizes, _KEPT + PIECES: IN_USE}

    def narrows(self, choice: Choice) -> bool:
        """Tell whether a choice leaves out more than pieces, so that what is left has to learn."""
        return any(choice[_KEPT + name] < choices[0] for name, choices in self.sizes.items())

    def kept(self, choice: Choice) -> dict[str, int]:
        """Give what a choice leaves of the fields that it cuts, as `prune` takes it."""
        return {
            name: choice[_KEPT + name]
            for name, choices in self.sizes.items()
            if choice[_KEPT + name] < choices[0]
        }


def is_cut(choice: Choice) -> bool:
    """Tell whether a choice is one of Cuts."""
    return _KEPT + PIECES in choice


def cuts_pieces(choice: Choice) -> bool:
    """Tell whether a choice of Cuts leaves out the pieces that no text uses."""
    return bool(choice[_KEPT + PIECES] == IN_USE)


def in_words(choice: Choice) -> str:
    """Say what a choice of Cuts leaves."""
    parts = []
    for name in SHARES:
        if _KEPT + name in choice:
            size, word = choice[_KEPT + name], name.replace("_", "-")
            many = word.endswith("s")
            parts.append(f"{size:,} {word.removesuffix('s') if many and size == 1 else word}")
    return f"teacher cut to {', '.join(parts)}, {choice[_KEPT + PIECES]} pieces".replace(
        f"{IN_USE} pieces", "pieces in use"
    )
