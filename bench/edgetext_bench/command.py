"""`edgetext bench`: accuracy, latency, memory and size of model files, beside each other."""

from __future__ import annotations

import importlib

import click

# The modules of edgetext_bench.commands, each imported when it is asked for: `edgetext --help`
# shows this group alone.
_COMMANDS = ("compare", "hosts", "report", "run", "scale", "speed")


class _Bench(click.Group):
    """`bench FILES` measures; the other words are its subcommands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"edgetext_bench.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS:
            args = ["run", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # An option in front of the files is `run`'s, and would not be known here.
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group("bench", cls=_Bench)
def command() -> None:
    """Measure model files, and compare and report what was measured.

    `edgetext bench FILES...` is `edgetext bench run FILES...`; see `edgetext bench run --help`.
    """
