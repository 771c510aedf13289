"""Write files.js of a folder to serve: which files the page's service worker keeps.

    kept.py FOLDER

VERSION there is a hash of all of them, so that a browser sees when one has changed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

# The service worker itself, which a browser keeps in its own way, and what this writes.
OWN = ("offline.js", "files.js")


def script(folder: Path) -> str:
    """Write the names of all files, and "./", the page by its folder."""
    digest = hashlib.sha256()
    names = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in OWN:
            names.append(name)
            digest.update(f"{name}\0".encode() + path.read_bytes())
    listed = json.dumps(["./", *names], indent=2)
    return f'const VERSION = "{digest.hexdigest()[:16]}";\nconst FILES = {listed};\n'


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.stderr.write("usage: kept.py FOLDER\n")
        return 2
    folder = Path(sys.argv[1])
    (folder / "files.js").write_text(script(folder), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
