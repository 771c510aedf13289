"""Options that several commands have, spelled once: what one means, it means everywhere.

An option that had another name keeps it for a release: it works, stands in no help, and stderr says
what the option is called now.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import click

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]


class Written(click.Path):
    """A path that a command writes, mostly at its end: that it can be is seen before it begins."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from edgetext.core.files import check_writable

        if not str(value):
            # A variable of a shell that is not set; as a path it would be this folder.
            self.fail("it is empty; give a path", param, ctx)
        path = cast(Path, super().convert(value, param, ctx))
        check_writable(path)
        return path


class WrittenCheckpoint(Written):
    """The path of a checkpoint to write: its ending may be any but that of another kind of file."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from edgetext.targets.catalog import is_artifact

        path = cast(Path, super().convert(value, param, ctx))
        if is_artifact(path) or path.suffix in _TEXT_FILES:
            self.fail(
                f"{path}: what is written is a checkpoint, and other files end so; name it "
                f"{path.with_suffix('.pt').name}",
                param,
                ctx,
            )
        return path


# The endings of recipes and data.
_TEXT_FILES = (".yaml", ".yml", ".json", ".jsonl", ".csv", ".tsv", ".txt", ".parquet")
# What is read; what is written.
FILE = click.Path(path_type=Path, dir_okay=False)
ANY = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, file_okay=False)
WRITTEN_FILE = Written(path_type=Path, dir_okay=False)
WRITTEN_FOLDER = Written(path_type=Path, file_okay=False)
WRITTEN_CHECKPOINT = WrittenCheckpoint(path_type=Path, dir_okay=False)
WRITTEN = Written(path_type=Path)
SPLITS = ("train", "valid", "test")


class RenamedOption(click.Option):
    """An option that also answers to the name it had.

    formerly: that name, as `--data`.
    """

    def __init__(self, *args: Any, formerly: str, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.former = click.Option(
            [formerly, f"former_{self.name}"],
            type=self.type,
            is_flag=self.is_flag,
            multiple=self.multiple,
        )

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        super().add_to_parser(parser, ctx)
        self.former.add_to_parser(parser, ctx)

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> Any:
        if self.former.name in opts:
            name = max(self.opts, key=len)
            click.echo(f"warning: {self.former.opts[0]} is called {name} now", err=True)
            opts = {self.name: opts[self.former.name], **opts}
        return super().consume_value(ctx, opts)


class Choice(click.ParamType):
    """One of several words that are looked up when they are needed: components bring theirs.

    words: gives them, as click.Choice takes them.
    """

    name = "choice"

    def __init__(self, words: Callable[[], Sequence[str]]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return click.Choice(self.words()).convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return click.Choice(self.words()).get_metavar(param, ctx)


def deployments() -> Sequence[str]:
    """Give the values of `export --target`."""
    from edgetext.targets import catalog
    from edgetext.targets.services.service import services

    return [*catalog.deployments(), *catalog.folder_targets(), *services()]


def searched() -> Sequence[str]:
    """Give the values of `compress --runtime`."""
    from edgetext.targets import catalog

    return list(catalog.searched())


def option(*names: str, formerly: str | None = None, **attributes: Any) -> Decorator:
    """Make an option as `click.option` does; `formerly`: the name that it had."""
    if formerly is None:
        return click.option(*names, **attributes)
    return click.option(*names, cls=RenamedOption, formerly=formerly, **attributes)


def recipe(text: str, **attributes: Any) -> Decorator:
    """Make `--recipe RECIPE`; text: its help."""
    return option("--recipe", metavar="RECIPE", help=text, **attributes)


def runtime(text: str, **attributes: Any) -> Decorator:
    """Make `--runtime NAME`, an engine that opens a file; text: its help."""
    return option("--runtime", metavar="NAME", help=text, **attributes)


def output(text: str, kind: click.Path = WRITTEN_FILE, **attributes: Any) -> Decorator:
    """Make `-o/--output`, a file or what `kind` says; text: its help.

    The command ends with a sentence before it begins where that is something that it reads.
    """

    def decorated(command: F) -> F:
        @functools.wraps(command)
        def checked(*args: Any, **given: Any) -> Any:
            if isinstance(given["output"], Path):
                check_apart(given["output"])
            return command(*args, **given)

        return option("-o", "--output", type=kind, help=text, **attributes)(cast(F, checked))

    return decorated


def beside(path: Path) -> Path:
    """Give the path that a command writes where no option says one; EdgetextError where it cannot
    be written, as of Written, or is something that the command reads."""
    from edgetext.core.files import check_writable

    check_writable(path)
    check_apart(path)
    return path


def check_apart(path: Path) -> None:
    """Raise EdgetextError where the command that runs reads the file that it is to write, and has
    no --force."""
    from edgetext.core.errors import EdgetextError

    ctx = click.get_current_context()
    if ctx.params.get("force") or not path.is_file():
        return
    for param in ctx.command.params:
        given = None if param.name == "output" else ctx.params.get(param.name or "")
        for value in given if isinstance(given, (list, tuple)) else (given,):
            if isinstance(value, (str, Path)) and _is_same(Path(value), path):
                name = param.human_readable_name.removesuffix("...")
                raise EdgetextError(
                    f"{path}: the output would take the place of {name}, which is read; name "
                    "another with -o"
                )


def _is_same(one: Path, other: Path) -> bool:
    """Whether both are the same file; a text that is no path is none."""
    try:
        return one.is_file() and one.samefile(other)
    except (OSError, ValueError):
        return False


def force(text: str, **attributes: Any) -> Decorator:
    """Make `--force`, which begins anew where something is there; text: its help."""
    return option("--force", is_flag=True, help=text, **attributes)


def overrides(text: str) -> Decorator:
    """Make `--set FIELD=VALUE`, given as often as wanted, the parameter `overrides`."""
    return option("--set", "overrides", multiple=True, metavar="FIELD=VALUE", help=text)


def resume(text: str) -> Decorator:
    """Make `--resume`; text: its help."""
    return option("--resume", is_flag=True, help=text)


def on_ray(function: F) -> F:
    """Make `--on ray` and `--workers`, with which the command runs in the workers of a cluster."""

    @option("--on", type=click.Choice(["ray"]), help="A cluster whose workers train together.")
    @option("--workers", type=click.IntRange(min=1), help="How many, with --on.  [default: 2]")
    @functools.wraps(function)
    def run(*, on: str | None, workers: int | None, **given: Any) -> Any:
        if on is None:
            if workers is not None:
                raise click.UsageError("--workers goes with --on ray")
            return function(**given)
        from edgetext.api.on_ray import run_on_ray

        return run_on_ray(_spelled(click.get_current_context(), given), workers or 2)

    return cast(F, run)


def _spelled(context: click.Context, given: Mapping[str, Any]) -> list[str]:
    """Spell a command as it was given, without the options that `given` lacks."""
    words = [str(context.info_name)]
    for parameter in context.command.params:
        value = given.get(str(parameter.name))
        values = value if isinstance(value, tuple) else (value,)
        name = [] if isinstance(parameter, click.Argument) else [parameter.opts[-1]]
        for each in values:
            if each is True:
                words += name
            elif each is not None and each is not False:
                words += [*name, str(each)]
    return words


def split() -> Decorator:
    """Make `--split`, by default the test split."""
    return option("--split", type=click.Choice(SPLITS), default="test", show_default=True)


def limit() -> Decorator:
    """Make `--limit`."""
    return option("--limit", type=click.IntRange(min=1), help="Take only the first LIMIT texts.")


def as_json(text: str) -> Decorator:
    """Make `--json`, the parameter `as_json`; text: its help."""
    return option("--json", "as_json", is_flag=True, help=text)


def whose_data(recipe: str | Path | None, overrides: Sequence[str] = ()) -> str:
    """Give the options that a printed command needs to find the data of a recipe again.

    A checkpoint does not say in which folder its recipe lay, whose data is looked up there first:
    so that the same recipe makes the same bytes wherever it is. Nothing is needed for a shipped
    recipe, and for one in the current folder.
    """
    if recipe is None or not Path(recipe).is_file():
        return ""
    if Path(recipe).resolve().parent == Path.cwd().resolve():
        return ""
    fields = [word for override in overrides for word in ("--set", override)]
    return " " + shlex.join(["--recipe", str(recipe), *fields])


def quoted(path: Path) -> str:
    """Write a path as a word of a printed command, which a shell reads as one."""
    return shlex.quote(str(path))


class Listed(click.ParamType):
    """Values with commas between them, each converted as `item` says; a tuple without repeats."""

    name = "list"

    def __init__(self, item: click.ParamType) -> None:
        self.item = item

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Any, ...]:
        if isinstance(value, tuple):
            return value
        words = names(str(value))
        if not words:
            self.fail("name at least one", param, ctx)
        return tuple(dict.fromkeys(self.item.convert(word, param, ctx) for word in words))


def names(text: str | None) -> Sequence[str]:
    """Return the words between the commas of a text, the empty ones left out."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]
