"""The options by which a user says what is in a data file: the same of `init` and `data check`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.data.choices import Choices


def choices(what: str) -> options.Decorator:
    """Make the options, which a command takes as **keywords for `read`; what: the file's name in
    the help."""
    added = [
        click.option("--type", "type_", metavar="READER", help=_guessed(f"The reader of {what}.")),
        click.option("--text", metavar="COLUMN", help=_guessed("Column or field of the text.")),
        click.option("--label", metavar="COLUMN", help=_guessed("Column or field of the label.")),
        click.option("--slots", metavar="FIELD", help=_guessed("Field of the spans.")),
        click.option(
            "--header/--no-header", default=None, help="Whether line 1 names the columns."
        ),
        click.option("--delimiter", metavar="MARK", help="What is between cells; `tab` is one."),
        *(
            click.option(
                f"--{split}",
                multiple=True,
                type=click.Path(path_type=Path),
                help=f"The {split} split; may be given several times.",
            )
            for split in options.SPLITS
        ),
        options.overrides("A field of the reader, as in `text=utterance`."),
    ]

    def decorate(command: Any) -> Any:
        for option in reversed(added):
            command = option(command)
        return command

    return decorate


def read(said: Mapping[str, Any]) -> Choices:
    """Turn the values of the options into choices; EdgetextError for a malformed `--set`."""
    from edgetext.data.choices import Choices

    mark = said["delimiter"]
    return Choices(
        type=said["type_"],
        text=said["text"],
        label=said["label"],
        slots=said["slots"],
        header=said["header"],
        delimiter={"tab": "\t", "\\t": "\t"}.get(mark, mark),
        fields=values(said["overrides"]),
        files={split: said[split] for split in options.SPLITS if said[split]},
    )


def values(fields: tuple[str, ...]) -> dict[str, Any]:
    """Read `FIELD=VALUE` pairs, the values as YAML; EdgetextError for one that is none."""
    import yaml

    from edgetext.core.errors import EdgetextError

    given = {}
    for item in fields:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise EdgetextError(f"--set {item}: give a field and a value, as in `text=utterance`")
        try:
            given[name] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise EdgetextError(f"--set {item}: {value} is not a YAML value") from error
    return given


def _guessed(text: str) -> str:
    return f"{text}  [default: guessed]"
