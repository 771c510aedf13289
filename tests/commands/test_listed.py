"""The help of `edgetext` names every command and imports none of ours."""

import pkgutil
import subprocess
import sys

from click import Context

from edgetext import commands
from edgetext.cli import cli
from edgetext.commands.listed import LISTED

PROGRAM = """
import sys
from edgetext.cli import main
main(["--help"])
print(sorted(name for name in sys.modules if name.startswith("edgetext.commands.")))
"""


def test_every_command_has_a_line_that_is_never_cut_off():
    others = {"bench"}
    assert set(LISTED) == set(cli.list_commands(Context(cli))) - others
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    modules = {name.removesuffix("_").replace("_", "-") for name in names}
    assert set(LISTED) <= modules
    assert all(len(line) < 60 and line.endswith(".") for line in LISTED.values())


def test_help_imports_no_command():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    *said, imported = done.stdout.splitlines()
    assert imported == "['edgetext.commands.listed']"
    for name, line in LISTED.items():
        assert any(f"  {name} " in words and words.endswith(line) for words in said)
