"""Nothing imports backwards: the contract of pyproject.toml, as import-linter sees it."""

import subprocess
import sys
from pathlib import Path

# In a process of its own: it sets up logging anew, which closes the streams of others' handlers.
PROGRAM = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True, no_logo=True))
"""


def test_modules_import_from_lower_layers_only():
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", PROGRAM, str(root / "pyproject.toml")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
