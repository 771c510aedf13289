"""Whether a device with memory pages of 16 kB can load an APK's native libraries.

    pages.py APK [LIBRARY...]

prints by how much each .so file's segments are aligned, and ends with status 1 where one of 64 bits
is by less than 16 kB and its name is not among those LIBRARY that are known to be. A library that
is stored in the APK without compression must also begin at such a place in it, since the system
maps it from there; a compressed one is unpacked first.
"""

from __future__ import annotations

import struct
import sys
import zipfile
from pathlib import Path

PAGE = 1 << 14
LOAD = 1
# Of a 64-bit ELF file: where the program headers are, their size and number; of one of them, its
# kind, and its alignment at the end.
TABLE, SIZES, ENTRY = struct.Struct("<Q"), struct.Struct("<HH"), struct.Struct("<II6Q")


def alignment(content: bytes) -> int:
    """Give the least alignment of a library's loaded segments; ValueError where it is no 64-bit
    ELF file."""
    if content[:5] != b"\x7fELF\x02":
        raise ValueError("no 64-bit ELF file")
    (table,), (size, count) = TABLE.unpack_from(content, 32), SIZES.unpack_from(content, 54)
    entries = [ENTRY.unpack_from(content, table + size * place) for place in range(count)]
    return min(entry[-1] for entry in entries if entry[0] == LOAD)


def start(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Give where an entry's bytes begin in the archive: behind its header, name and extra field."""
    stream = archive.fp
    assert stream is not None
    stream.seek(entry.header_offset + 26)
    name, extra = struct.unpack("<HH", stream.read(4))
    return entry.header_offset + 30 + int(name) + int(extra)


def checked(apk: Path) -> list[tuple[str, int, str]]:
    """List each library of an APK: its name, its segments' alignment, and what is wrong, or ""."""
    rows = []
    with zipfile.ZipFile(apk) as archive:
        for entry in archive.infolist():
            if not entry.filename.endswith(".so"):
                continue
            aligned = alignment(archive.read(entry))
            stored = entry.compress_type == zipfile.ZIP_STORED
            problem = "" if aligned % PAGE == 0 else "needs pages of 4 kB"
            if stored and start(archive, entry) % PAGE:
                problem = problem or "begins inside a page of the APK"
            rows.append((entry.filename, aligned, problem))
    return rows


def main(apk: Path, known: list[str]) -> int:
    """Print a line a library; the exit status."""
    unknown = 0
    for name, aligned, problem in checked(apk):
        is_known = bool(problem) and Path(name).name in known
        unknown += bool(problem) and not is_known
        words = [f"{name}: {aligned // 1024} kB", problem, "(known)" if is_known else ""]
        sys.stdout.write(" ".join(word for word in words if word) + "\n")
    return int(unknown > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
