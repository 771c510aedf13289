"""A user's Python files, run so that their components register."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from pathlib import Path

from edgetext.core.errors import EdgetextError

_PREFIX = "edgetext_user_"


def load_user_module(path: str | Path, *, relative_to: Path | None = None) -> None:
    """Run a user's Python file once, so that its components register.

    A relative path is looked up beside the recipe (`relative_to`), then in the current folder.
    EdgetextError when the file is missing or fails, with the line that failed.
    """
    file = _find_module(Path(path), relative_to)
    digest = hashlib.sha256(str(file).encode()).hexdigest()[:12]
    name = f"{_PREFIX}{file.stem}_{digest}"
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise EdgetextError(f"{file}: import takes a Python file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except EdgetextError:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise EdgetextError(
            f"{file}:{_failed_line(error, file)}: the imported module fails with "
            f"{type(error).__name__}: {error}"
        ) from error


def user_files() -> list[str]:
    """Give the files that were run, in their order, so that another process can run them, too."""
    modules = [module for name, module in sys.modules.items() if name.startswith(_PREFIX)]
    return [str(module.__file__) for module in modules]


def _find_module(path: Path, relative_to: Path | None) -> Path:
    folders = [Path.cwd()] if relative_to is None else [relative_to, Path.cwd()]
    for folder in folders:
        if (folder / path).is_file():
            return (folder / path).resolve()
    raise EdgetextError(f"{path}: there is no such module to import; check `import:`")


def _failed_line(error: Exception, file: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    return (lines[-1] if lines else 0) or 0
