"""`edgetext data check`: what is in a data set and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import data_options, options

if TYPE_CHECKING:
    from edgetext.data.check import Report, SplitReport
    from edgetext.data.example import Example
    from edgetext.data.findings import Findings
    from edgetext.data.source import Source
    from edgetext.recipe import Recipe
    from edgetext.text.vocabulary import Vocabulary

_FINDINGS = (
    ("unreadable", "lines that cannot be read"),
    ("conflicts", "texts with two different labelings"),
    ("leaks", "texts that stand in two splits"),
    ("unseen_labels", "labels that training never shows"),
    ("cut_words", "spans that begin or end inside a word, which no model can find"),
    ("offsets", "better units of the offsets"),
    ("remarks", "remarks about what was read"),
    ("few", "labels with fewer than {few} texts to train on"),
    ("odd_labels", "labels that may be none"),
    ("many_labels", "files with too many labels"),
    ("first_line", "first lines that may name the columns"),
    ("odd_texts", "texts that may be several"),
    ("lines", "files whose lines are not a text each"),
    ("unused", "files with columns or fields that nothing reads"),
)
_CURES = {
    "unseen_labels": "cure: add texts of them to train, divide one file by data.split, which "
    "leaves train some of every label, or count them as misses with data.unseen: miss",
    "few": "cure: add texts, or join labels",
}

_MISSES = "they count as misses, as data.unseen says"


@click.group("data")
def command() -> None:
    """Look at data sets."""


@command.command("check")
@click.argument("what", nargs=-1, metavar="FILE... | RECIPE")
@data_options.choices("FILE")
@options.as_json("Print the report as JSON.")
def check_command(what: tuple[str, ...], as_json: bool, **said: Any) -> int:
    """Count labels and find bad lines, duplicates, conflicts and labels without training.

    FILE is a data file or a folder with train, valid and test. Exit status 2 when there are lines
    that cannot be read, 1 when valid or test have labels that train lacks.
    """
    import json
    from dataclasses import asdict

    from edgetext.data.check import check
    from edgetext.data.check_offsets import find_offsets

    sources, recipe = _sources(what, said)
    spans = _Spans({} if recipe is None else recipe.text.rules)
    report = check(sources, spans.add)
    report.cut_words = spans.cut
    strict = recipe is None or recipe.strict
    odd = spans.cut is not None and (spans.cut.count or report.remarks.count)
    if odd or report.unreadable.count:
        find_offsets(sources, spans.count_cut, report.offsets)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        _print(report, _CURES if strict else _CURES | {"unseen_labels": _MISSES})
    if report.unreadable.count:
        return 2
    return 1 if report.unseen_labels.count and strict else 0


@command.command("convert")
@click.argument("what", nargs=-1, metavar="FILE...")
@data_options.choices("FILE")
@options.output("The file to write; of several splits a folder.", options.WRITTEN, required=True)
@options.force("Overwrite files that are there.")
def convert_command(what: tuple[str, ...], output: Path, force: bool, **said: Any) -> None:
    """Write data of any format as JSON Lines: an object a text, spans in characters.

    FILE is a data file or a folder with train, valid and test. What a reader leaves out or mends is
    counted on stderr.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text
    from edgetext.data.convert import as_jsonl
    from edgetext.data.user_files import file_sources

    sources = file_sources([Path(name) for name in what], data_options.read(said))
    by_split: dict[str, list[Source]] = {}
    for source in sources:
        by_split.setdefault(source.split, []).append(source)
    several = len(by_split) > 1
    files = {split: output / f"{split}.jsonl" if several else output for split in by_split}
    there = next((file for file in files.values() if file.exists()), None)
    if there is not None and not force:
        raise EdgetextError(f"{there} exists; choose another name with -o, or overwrite: --force")
    data = {source.path.resolve() for source in sources if source.path is not None}
    itself = next((file for file in files.values() if file.resolve() in data), None)
    if itself is not None:
        raise EdgetextError(f"{itself} is the data itself; choose another name with -o")
    for split, file in files.items():
        examples = [example for source in by_split[split] for example in source.read()]
        write_text(file, as_jsonl(examples))
        click.echo(f"wrote {len(examples):,} texts to {file}")


class _Spans:
    """Finds spans that are no whole words.

    rules: how words are formed. cut: None until there is a span.
    """

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.rules = rules
        self.cut: Findings | None = None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Any: words do not depend on the pieces."""
        from edgetext.text.clusters import AUTO, chosen_scripts
        from edgetext.text.vocabulary import Vocabulary

        scripts = chosen_scripts(self.rules.get("clusters", AUTO))
        return Vocabulary.train(["a"], size=50, **{**self.rules, "clusters": scripts})

    def add(self, example: Example) -> None:
        """Look at an example."""
        from edgetext.data.findings import Findings
        from edgetext.tasks.words import cut_words

        if not example.spans:
            return
        self.cut = self.cut or Findings()
        for line in cut_words([example], self.vocabulary):
            self.cut.add(line)

    def count_cut(self, example: Example) -> int:
        """Count those of an example."""
        from edgetext.tasks.words import cut_words

        return len(cut_words([example], self.vocabulary))


def _sources(what: tuple[str, ...], said: Mapping[str, Any]) -> tuple[list[Source], Recipe | None]:
    """The splits, and the recipe where one names them."""
    from edgetext.core.errors import EdgetextError
    from edgetext.data.guess_formats import is_rasa_yaml
    from edgetext.recipe import Recipe, shipped_recipes

    is_recipe = bool(what) and (
        (what[0].endswith((".yaml", ".yml")) and not is_rasa_yaml(Path(what[0])))
        or (what[0] in shipped_recipes() and not Path(what[0]).exists())
    )
    if is_recipe:
        given = [
            name for name, value in said.items() if name != "overrides" and value not in (None, ())
        ]
        if len(what) > 1 or given:
            words = " and ".join(f"--{name.rstrip('_')}" for name in given) or "--type"
            raise EdgetextError(f"{what[0]}: a recipe stands alone, without files and {words}")
        from edgetext.data.source import sources

        recipe = Recipe.load(what[0], said["overrides"])
        return sources(recipe), recipe

    from edgetext.data.user_files import file_sources

    return file_sources([Path(name) for name in what], data_options.read(said)), None


def _print(report: Report, cures: Mapping[str, str]) -> None:
    from edgetext.data.check_labels import FEW

    for part in report.splits:
        _print_split(part)
    for name, words in _FINDINGS:
        findings: Findings | None = getattr(report, name)
        if findings is None or not findings.count:
            continue
        click.echo(f"\n{findings.count:,} {words.format(few=FEW)}:")
        for line in findings.first:
            click.echo(f"  {line}")
        if findings.count > len(findings.first):
            click.echo(f"  … and {findings.count - len(findings.first):,} more")
        if name in cures:
            click.echo(f"  {cures[name]}")
    if not any(getattr(getattr(report, name), "count", 0) for name, _ in _FINDINGS):
        click.echo("\nnothing is wrong with it")


def _print_split(part: SplitReport) -> None:
    click.echo(f"{part.split}: {part.examples:,} texts ({part.source})")
    for line in part.taken:
        click.echo(f"  {line}")
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
    if part.several_labels or part.no_labels:
        click.echo(
            f"  {part.several_labels:,} texts with several intents, {part.no_labels:,} without any"
        )
    # Of data without intents that every text lacks one is no news.
    if 0 < part.unlabeled < part.examples:
        click.echo(f"  {part.unlabeled:,} texts without an intent")
