"""One spelling an option over all commands; an older one works and is named once."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from edgetext.cli import cli
from edgetext.commands import options


@click.command()
@options.recipe("Whose data.", required=True, formerly="--data")
@options.force("Anew.", formerly="--again")
@click.option("--on", type=options.Listed(click.Choice(["here", "there"])), default="here")
def example(recipe, force, on):
    click.echo(f"{recipe} {force} {','.join(on)}")


def run(*arguments):
    done = CliRunner().invoke(example, arguments)
    return done.exit_code, done.stdout, done.stderr


def test_the_old_name_works_and_is_named_once():
    assert run("--recipe", "a") == (0, "a False here\n", "")
    status, shown, warned = run("--data", "a", "--again")
    assert (status, shown) == (0, "a True here\n")
    assert warned.splitlines() == [
        "warning: --data is called --recipe now",
        "warning: --again is called --force now",
    ]


def test_the_old_name_is_in_no_help_and_in_no_error():
    for status, shown, error in (run("--help"), run()):
        assert "--data" not in shown + error and "--again" not in shown + error
        assert "--recipe" in shown + error, status


def test_the_new_name_decides_where_both_are_given():
    assert run("--data", "old", "--recipe", "new")[1] == "new False here\n"


@pytest.mark.parametrize(("given", "listed"), [("here, there,here", "here,there"), (" ", None)])
def test_lists_have_commas(given, listed):
    status, shown, _ = run("--recipe", "a", "--on", given)
    assert (status, shown) == ((0, f"a False {listed}\n") if listed else (2, ""))


def leaves(command, path=()):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name), (*path, name))
    else:
        yield " ".join(path), command


def test_one_thing_has_one_name_over_all_commands():
    odd = {"--data", "--out", "--fresh", "--again", "--overwrite"}
    for name, command in leaves(cli):
        spelled = {word for option in command.params for word in option.opts}
        # These take a file of data that is no recipe.
        own = {"--data"} if name in ("quantize", "calibrate", "conformance") else set()
        assert not spelled & (odd - own), name
        assert ("-o" in spelled) == ("--output" in spelled), name


# Options that name a file or folder which is read.
READ = {
    "--against", "--android", "--data", "--few", "--file", "--folder", "--golden", "--key",
    "--key-file", "--model", "--public-key", "--python", "--reference", "--restore", "--sign",
    "--space", "--student", "--teacher", "--test", "--texts", "--token-file", "--train",
    "--trusted-key", "--unlabeled", "--valid",
}  # fmt: skip


def test_whatever_a_command_writes_is_looked_at_before_it_begins():
    written = set()
    for name, command in leaves(cli):
        for option in command.params:
            spelled = set(option.opts)
            if isinstance(option, click.Argument) or not isinstance(option.type, click.Path):
                continue
            if isinstance(option.type, options.Written):
                written |= spelled
            else:
                assert spelled & READ, (name, option.opts)
    assert {"-o", "--report", "--html", "--table", "--json", "--map", "--state"} <= written


def test_what_commands_share_is_no_command():
    assert "options" not in cli.list_commands(click.Context(cli))


@pytest.mark.parametrize("kind", [options.WRITTEN_FILE, options.WRITTEN_FOLDER, options.WRITTEN])
def test_an_output_without_a_name_is_refused(kind):
    @click.command()
    @options.output("Where.", kind)
    def writes(output):
        click.echo(f"wrote {output}")

    done = CliRunner().invoke(writes, ["-o", ""])
    assert done.exit_code == 2 and "it is empty; give a path" in done.stderr


def test_the_command_that_is_printed_is_read_by_a_shell(tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("text,label\n" + "play music,a\nbook a table,b\n" * 20)
    output = tmp_path / "my recipes" / "it's.yaml"
    done = CliRunner().invoke(cli, ["init", "classify", str(data), "-o", str(output)])
    assert done.exit_code == 0, done.output
    (line,) = (x for x in done.output.splitlines() if x.startswith("next: "))
    assert shlex.split(line)[-3:] == ["edgetext", "train", str(output)]


def test_every_printed_command_quotes_what_it_names():
    pages = sorted(Path(options.__file__).parent.glob("*.py"))
    lines = [x for page in pages for x in page.read_text().splitlines() if "next: edgetext" in x]
    assert len(lines) > 8
    odd = re.compile(r"(?<!init: )\{(path|model|files\[0\]|job\.folder)\}")
    assert [line for line in lines if odd.search(line)] == []
