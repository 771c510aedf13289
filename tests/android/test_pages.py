"""offline/pages.py: whether an APK's libraries load where memory pages have 16 kB."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

OFFLINE = Path(__file__).resolve().parents[2] / "android_demo" / "offline"

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc")


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """small.so and large.so, for pages of 4 and 16 kB."""
    folder = tmp_path_factory.mktemp("libraries")
    (folder / "a.c").write_text("int a(void) { return 1; }\n")
    for name, size in (("small", 4096), ("large", 16384)):
        command = ["gcc", "-shared", "-fPIC", folder / "a.c", f"-Wl,-z,max-page-size={size}"]
        subprocess.run([*command, "-o", folder / f"{name}.so"], check=True)
    return folder


def pages(apk: Path, *known: str) -> tuple[int, list[str]]:
    command = [sys.executable, OFFLINE / "pages.py", apk, *known]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()


def packed(apk: Path, *libraries: Path, kind: int = zipfile.ZIP_DEFLATED, pad: int = 0) -> Path:
    with zipfile.ZipFile(apk, "w", kind) as archive:
        for library in libraries:
            entry = zipfile.ZipInfo(f"lib/x86_64/{library.name}")
            entry.compress_type = kind
            # An extra field that moves the bytes on, as zipalign does it.
            entry.extra = (
                b"\xd9\x35" + (pad - 4).to_bytes(2, "little") + bytes(pad - 4) if pad else b""
            )
            archive.writestr(entry, library.read_bytes())
        archive.writestr("assets/model.pte", b"x")
    return apk


def test_a_library_for_small_pages_is_told(libraries, tmp_path):
    small, large = libraries / "small.so", libraries / "large.so"
    status, lines = pages(packed(tmp_path / "a.apk", small, large))
    assert status == 1 and len(lines) == 2
    assert "small.so: 4 kB needs pages of 4 kB" in lines[0] and "large.so: 16 kB" in lines[1]
    assert pages(tmp_path / "a.apk", "small.so")[0] == 0
    assert pages(packed(tmp_path / "b.apk", large))[0] == 0


def test_a_stored_library_begins_where_a_page_does(libraries, tmp_path):
    large = libraries / "large.so"
    apk = packed(tmp_path / "a.apk", large, kind=zipfile.ZIP_STORED)
    status, (line,) = pages(apk)
    assert status == 1 and "begins inside a page of the APK" in line
    head = 30 + len(f"lib/x86_64/{large.name}")
    apk = packed(tmp_path / "b.apk", large, kind=zipfile.ZIP_STORED, pad=16384 - head)
    assert pages(apk)[0] == 0
