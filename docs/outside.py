"""A hook of mkdocs: documents and recipes that lie beside docs/ are pages of the site, too.

In the repository a page names them by the path from itself, as `../bench/README.md`, so that they
can be read there. On the site docs/ is the root: one `../` fewer leads to the same file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
PATTERNS = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "android_demo/README.md",
    "bench/*.md",
    "findings/*",
    "hosts/*/README.md",
    "packages/*/README.md",
    "hosts/README.md",
    "recipes/*.yaml",
)
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)")


def on_files(files: Files, config: Any) -> Files:
    """Add the files that PATTERNS name to those of docs/."""
    for path in sorted(path for pattern in PATTERNS for path in ROOT.glob(pattern)):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return the page's text with its links leading to where their files are on the site."""
    uri = page.file.src_uri
    in_docs = (ROOT / "docs" / uri).is_file()
    source = PurePosixPath("docs", uri) if in_docs else PurePosixPath(uri)

    def on_site(match: re.Match[str]) -> str:
        target = os.path.normpath(source.parent / match[1])
        inside = target.removeprefix("docs/")
        return os.path.relpath(inside, PurePosixPath(uri).parent)

    return LINK.sub(on_site, markdown)
