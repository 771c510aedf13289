"""The command line: `edgetext COMMAND`, one module a command in `edgetext.commands`.

Another distribution adds a command through the entry points of the group `edgetext.commands`, as
`edgetext-bench` adds `bench`.

Importing this module, and showing any help, loads neither torch nor a runtime.
"""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import click

from edgetext import commands
from edgetext.commands.listed import LISTED
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.version import __version__

# The commands of our other distributions, by the name of the distribution.
_ELSEWHERE = {"bench": "edgetext-bench"}
_GROUP = "edgetext.commands"
# The modules among the commands that are none.
_NO_COMMANDS = {"options", "data_options", "serve_options", "listed"}
# Commands that have nothing to say while they work, and whose start must not wait for `logging`.
_SILENT = ("predict", "redact", "similar", "search", "serve")
_ERROR = 2
_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_FULL = {errno.ENOSPC, errno.EDQUOT}
# Looking for garbage among millions of objects before they all go, as Python does at its end, takes
# a second and a half of an export.
atexit.register(gc.freeze)


class _Commands(click.Group):
    """The modules of `edgetext.commands`, each of which has a click command called `command`, and
    the commands of other distributions."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        known = {*_own(), *_of_others()}
        named = [name for name in LISTED if name in known]
        return named + sorted(known.difference(named))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._line(ctx, name, room)) for name in names])

    def _line(self, ctx: click.Context, name: str, room: int) -> str:
        """What help says of a command, without importing it where that is known."""
        if name in LISTED:
            return LISTED[name]
        command = self.get_command(ctx, name)
        return "" if command is None else command.get_short_help_str(room)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _own():
            place = f"edgetext.commands.{_own()[cmd_name]}:command"
        elif (place := _of_others().get(cmd_name, "")) == "":
            if cmd_name in _ELSEWHERE:
                raise EdgetextError(
                    f"{cmd_name} is a command of {_ELSEWHERE[cmd_name]}, which is not installed; "
                    f"add it with `pip install {_ELSEWHERE[cmd_name]}`"
                )
            return None
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


# Help asks for each command by its name: the folders are looked through once.
@cache
def _own() -> dict[str, str]:
    """By the name of each command its module, which ends in `_` where that is a word of Python,
    and has `_` where the command has `-`."""
    modules = {module.name for module in pkgutil.iter_modules(commands.__path__)} - _NO_COMMANDS
    return {module.removesuffix("_").replace("_", "-"): module for module in modules}


@cache
def _of_others() -> dict[str, str]:
    """Find the entry points "module:attribute" of the group `edgetext.commands`, by their names.

    Only a distribution whose name begins with "edgetext" is looked into, and its entry_points.txt
    is read here: `importlib.metadata` takes a fifth of the time of `edgetext --help` to import.
    """
    commands: dict[str, str] = {}
    for folder in sys.path:
        for file in Path(folder or ".").glob("edgetext*.dist-info/entry_points.txt"):
            inside = False
            for line in file.read_text("utf-8").splitlines():
                if line.startswith("["):
                    inside = line.strip() == f"[{_GROUP}]"
                elif inside and "=" in line:
                    name, _, place = line.partition("=")
                    commands[name.strip()] = place.strip()
    return commands


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="edgetext", message="%(prog)s %(version)s")
@click.option(
    "--import",
    "modules",
    multiple=True,
    metavar="FILE",
    help="Run a Python file that registers components of your own.",
)
@click.pass_context
def cli(ctx: click.Context, modules: Sequence[str]) -> None:
    """Small text models whose one file reads raw UTF-8 on any device.

    A first run: `edgetext demo`. Your own data: `edgetext init joint my_data.tsv -o mine.yaml`,
    then `edgetext train mine.yaml`.
    """
    if ctx.invoked_subcommand not in _SILENT:
        from edgetext.core.console import shown

        ctx.with_resource(shown())
    if modules:
        from edgetext.core.user_modules import load_user_module

        for module in modules:
            load_user_module(module)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; a user's error is one line on stderr and 2."""
    try:
        status = cli.main(args=arguments, prog_name="edgetext", standalone_mode=False)
        # Now rather than at exit, where Python reports a full disk or a closed pipe in its own way.
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return _ERROR
    except click.ClickException as error:
        return _fail(_usage(error))
    except (click.Abort, KeyboardInterrupt):
        _say("edgetext: stopped; no half-written file was left behind")
        return _INTERRUPTED
    except StoppedError as stop:
        _say(f"edgetext: {stop}")
        return _INTERRUPTED
    except EdgetextError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _FULL:
            raise
        return _fail(f"{error.filename or 'output'}: the disk is full; free some space")
    return status if isinstance(status, int) else 0


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message}; see `{context.command_path} --help`" if context else message


def _fail(message: str) -> int:
    rank = os.environ.get("RANK", "0")
    # Of several processes each says what it ran into, since it may be its own fault alone.
    who = f"edgetext, process {rank}" if rank != "0" else "edgetext"
    _say(f"{who}: error: {' '.join(message.splitlines())}")
    return _ERROR


def _say(line: str) -> None:
    click.echo(line, err=True)
