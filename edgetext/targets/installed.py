"""Importing this module registers the targets of this package, one a folder."""

from __future__ import annotations

import importlib
import pkgutil

from edgetext import targets

for folder in pkgutil.iter_modules(targets.__path__):
    if folder.ispkg:
        importlib.import_module(f"{targets.__name__}.{folder.name}.target")
