"""Nothing imports backwards: the contract of pyproject.toml, as import-linter sees it."""

from pathlib import Path

from importlinter.cli import lint_imports


def test_modules_import_from_lower_layers_only(capsys):
    config = Path(__file__).parents[1] / "pyproject.toml"
    status = lint_imports(config_filename=str(config), no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out
