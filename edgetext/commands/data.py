"""`edgetext data check`: what is in a data set and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.data.check import Findings, Report, SplitReport
    from edgetext.data.source import Source

_FINDINGS = (
    ("unreadable", "lines that cannot be read"),
    ("conflicts", "texts with two different labellings"),
    ("leaks", "texts that stand in two splits"),
    ("unseen_labels", "labels that training never shows"),
    ("cut_words", "spans that begin or end inside a word, which no model can find"),
)


@click.group("data")
def command() -> None:
    """Look at data sets."""


@command.command("check")
@click.argument("what", nargs=-1, required=True, metavar="FILE... | RECIPE")
@click.option("--type", "type_", metavar="READER", help="The reader of FILE.  [default: guessed]")
@options.overrides("A field of the recipe, or of FILE's reader, as in `text=utterance`.")
@options.as_json("Print the report as JSON.")
def check_command(
    what: tuple[str, ...], type_: str | None, overrides: tuple[str, ...], as_json: bool
) -> int:
    """Count labels and find bad lines, duplicates, conflicts and labels without training.

    FILE is a data file or a folder with train, valid and test. Exit status 2 when there are lines
    that cannot be read.
    """
    import json
    from dataclasses import asdict

    from edgetext.data.check import Findings, check

    sources, rules = _sources(what, type_, overrides)
    report, examples = check(sources)
    if any(example.spans for example in examples):
        from edgetext.tasks.words import cut_words
        from edgetext.text.vocabulary import Vocabulary

        # Words do not depend on the pieces, so any vocabulary tells where they end.
        vocabulary = Vocabulary.train(["a"], size=50, **rules)
        report.cut_words = Findings()
        for line in cut_words(examples, vocabulary):
            report.cut_words.add(line)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        _print(report)
    return 2 if report.unreadable.count else 0


def _sources(
    what: tuple[str, ...], type_: str | None, fields: tuple[str, ...]
) -> tuple[list[Source], dict[str, bool]]:
    """The splits, and how the recipe forms words."""
    from edgetext.core.errors import EdgetextError
    from edgetext.recipe import Recipe, shipped_recipes

    is_recipe = what[0].endswith((".yaml", ".yml")) or (
        what[0] in shipped_recipes() and not Path(what[0]).exists()
    )
    if is_recipe:
        if len(what) > 1 or type_ is not None:
            raise EdgetextError(f"{what[0]}: a recipe stands alone, without files and --type")
        from edgetext.data.source import sources

        recipe = Recipe.load(what[0], fields)
        return sources(recipe), recipe.text.rules

    from edgetext.data.user_files import file_sources

    return file_sources([Path(name) for name in what], type_, _values(fields)), {}


def _values(fields: tuple[str, ...]) -> dict[str, Any]:
    import yaml

    from edgetext.core.errors import EdgetextError

    values = {}
    for item in fields:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise EdgetextError(f"--set {item}: give a field and a value, as in `text=utterance`")
        try:
            values[name] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise EdgetextError(f"--set {item}: {value} is not a YAML value") from error
    return values


def _print(report: Report) -> None:
    for part in report.splits:
        _print_split(part)
    for name, words in _FINDINGS:
        found: Findings | None = getattr(report, name)
        if found is None or not found.count:
            continue
        click.echo(f"\n{found.count:,} {words}:")
        for line in found.first:
            click.echo(f"  {line}")
        if found.count > len(found.first):
            click.echo(f"  … and {found.count - len(found.first):,} more")
    if not any(getattr(getattr(report, name), "count", 0) for name, _ in _FINDINGS):
        click.echo("\nnothing is wrong with it")


def _print_split(part: SplitReport) -> None:
    click.echo(f"{part.split}: {part.examples:,} texts ({part.source})")
    click.echo(
        f"  longest {part.bytes_max:,} bytes, 99 % within {part.bytes_p99:,}; "
        f"{part.duplicates:,} duplicates"
    )
    for kind, counts in (("intents", part.intents), ("slots", part.slots), ("nodes", part.nodes)):
        if counts:
            shown = [f"{label} {count:,}" for label, count in counts.items()]
            if len(shown) > 6:
                shown = [*shown[:3], "…", *shown[-3:]]
            click.echo(f"  {len(counts)} {kind}: {', '.join(shown)}")
    if part.unlabeled:
        click.echo(f"  {part.unlabeled:,} texts without an intent")
