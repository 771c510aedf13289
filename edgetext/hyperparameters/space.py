"""What is searched: fields of a recipe by their dotted names, each with a range or choices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from edgetext.core.dotted import dotted
from edgetext.core.errors import EdgetextError
from edgetext.recipe import Recipe
from edgetext.recipe.load import read_mapping

# Digits of a number that is chosen: what comes after them changes nothing that can be measured.
DIGITS = 4
# Of a recipe's own learning rate, the default range.
RATE_FACTOR = 4
HOW = "as in `log:0.0005..0.005`, `0..0.2`, `16..64` or `64|128|256`"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"(log:)?\s*({_NUMBER})\s*\.\.\s*({_NUMBER})")


class Suggests(Protocol):
    """An optuna trial, or whatever chooses."""

    def suggest_categorical(self, name: str, choices: Any) -> Any: ...

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float: ...

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int: ...


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from low to high, both included; whole ones where both are int. log: chosen by their
    logarithms."""

    low: float
    high: float
    log: bool = False

    @property
    def whole(self) -> bool:
        """Tell whether the numbers are whole."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def suggest(self, name: str, trial: Suggests) -> float:
        """Choose a number."""
        if self.whole:
            return trial.suggest_int(name, int(self.low), int(self.high), log=self.log)
        value = trial.suggest_float(name, self.low, self.high, log=self.log)
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)

    def ends(self) -> Sequence[Any]:
        """Give the values by which the range is checked."""
        return (self.low, self.high)

    def parameter(self, value: Any) -> Any:
        """Give what optuna calls a value; None where the range has it not."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return value if number and self.low <= value <= self.high else None

    def as_words(self) -> str:
        return f"{'log:' if self.log else ''}{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class Choices:
    """YAML values, each as its text: optuna stores texts, whatever they stand for."""

    texts: tuple[str, ...]

    def suggest(self, name: str, trial: Suggests) -> Any:
        """Choose a value."""
        return yaml.safe_load(trial.suggest_categorical(name, self.texts))

    def ends(self) -> Sequence[Any]:
        """Give all values."""
        return [yaml.safe_load(text) for text in self.texts]

    def parameter(self, value: Any) -> Any:
        """Give what optuna calls a value; None where it is none of the choices."""
        return next((x for x in self.texts if yaml.safe_load(x) == value), None)

    def as_words(self) -> str:
        return "|".join(self.texts)


Domain = Range | Choices


@dataclass(frozen=True, slots=True)
class Space:
    """domains: by the dotted name of each field."""

    domains: Mapping[str, Domain]

    def suggest(self, trial: Suggests) -> dict[str, Any]:
        """Choose a value for each field."""
        return {name: domain.suggest(name, trial) for name, domain in self.domains.items()}

    def start(self, recipe: Recipe) -> dict[str, Any]:
        """Give the recipe's own values, as optuna calls them, of the fields where they may be
        chosen."""
        resolved = recipe.resolved()
        values = {
            name: domain.parameter(value_at(resolved, name))
            for name, domain in self.domains.items()
        }
        return {name: value for name, value in values.items() if value is not None}

    def touches(self, *sections: str) -> bool:
        """Tell whether a field of these sections is searched."""
        return any(name.split(".")[0] in sections for name in self.domains)

    def as_json(self) -> dict[str, str]:
        return {name: domain.as_words() for name, domain in self.domains.items()}


def space_of(
    recipe: Recipe, path: str, overrides: Sequence[str], file: Path | None, words: Sequence[str]
) -> Space:
    """Give what a file and `FIELD=SPEC` words say, the words before the file; without any the
    default. Each end of a range and each choice is checked as `--set` checks it.

    recipe: as `path` and `overrides` load it. EdgetextError names the word or the file's field.
    """
    domains: dict[str, Domain] = {}
    sources: dict[str, str] = {}
    if file is not None:
        for name, value in dotted(read_mapping(file)):
            if value == {}:
                continue
            sources[name] = f"{file}: {name}"
            domains[name] = _domain_of_yaml(value, sources[name])
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip()
        source = f"--search {word}"
        if not equals or not name:
            raise EdgetextError(f"{source}: give a field and what to try, {HOW}")
        sources[name], domains[name] = source, _parsed(text, source)
    if not domains:
        return default_space(recipe)
    resolved = recipe.resolved()
    for name, domain in domains.items():
        domains[name] = _as_the_field(domain, value_at(resolved, name))
        _check(path, overrides, name, domains[name], sources[name])
    return Space(domains)


def default_space(recipe: Recipe) -> Space:
    """Give the learning rate, the batch size, label smoothing and the dropouts."""
    rate = recipe.training.learning_rate
    domains: dict[str, Domain] = {
        "training.learning_rate": Range(rate / RATE_FACTOR, min(1.0, rate * RATE_FACTOR), log=True),
        "training.batch_size": Choices(("16", "32", "64")),
        "training.label_smoothing": Range(0.0, 0.2),
        "training.token_dropout": Range(0.0, 0.2),
    }
    if "dropout" in recipe.encoder.own_fields:
        domains["encoder.dropout"] = Range(0.0, 0.5)
    return Space(domains)


def value_at(resolved: Mapping[str, Any], name: str) -> Any:
    """Look a field up by its dotted name; None where there is none."""
    value: Any = resolved
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def as_yaml(value: Any) -> str:
    """Write a value as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=1 << 20, allow_unicode=True)
    return text.strip().removesuffix("...").strip()


def _domain_of_yaml(value: Any, source: str) -> Domain:
    if isinstance(value, list):
        return _choices([as_yaml(each) for each in value], source)
    return _parsed(str(value), source)


def _parsed(text: str, source: str) -> Domain:
    """Read a range or choices."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        if "|" not in text:
            raise EdgetextError(f"{source}: this is neither a range nor choices; give one {HOW}")
        return _choices(text.split("|"), source)
    low, high = (int(x) if re.fullmatch(r"[-+]?\d+", x) else float(x) for x in match.groups()[1:])
    if low >= high:
        raise EdgetextError(f"{source}: the range ends before it begins; give the lower end first")
    if match[1] and low <= 0:
        raise EdgetextError(f"{source}: a logarithm needs a lower end above 0; give one, or no log")
    return Range(low, high, bool(match[1]))


def _choices(texts: Sequence[str], source: str) -> Choices:
    try:
        once = dict.fromkeys(as_yaml(yaml.safe_load(text)) for text in texts)
    except yaml.YAMLError as error:
        raise EdgetextError(f"{source}: a choice is not a YAML value; {HOW}") from error
    if len(once) < 2:
        raise EdgetextError(f"{source}: one choice leaves nothing to search; give several")
    return Choices(tuple(once))


def _as_the_field(domain: Domain, value: Any) -> Domain:
    """Give the range of a field that is no whole number as one of such numbers."""
    if isinstance(domain, Range) and isinstance(value, float):
        return Range(float(domain.low), float(domain.high), domain.log)
    return domain


def _check(path: str, overrides: Sequence[str], name: str, domain: Domain, source: str) -> None:
    """EdgetextError where the recipe cannot have a value, or training does not read it."""
    if name.split(".")[0] == "student":
        raise EdgetextError(f"{source}: `train` does not read the student; search another field")
    for value in domain.ends():
        try:
            Recipe.load(path, [*overrides, f"{name}={as_yaml(value)}"])
        except EdgetextError as error:
            raise EdgetextError(f"{source}: {error}") from error
