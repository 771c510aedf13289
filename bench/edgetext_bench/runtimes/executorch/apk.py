"""Host `android`: the finished APK's own code and libraries, run on a desktop JVM.

See android_demo/README.md; what it is not is Android's runtime, linker and screen. A Java String
holds no bad UTF-8, so texts with it are not asked, and one text that the app refuses ends the run.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from edgetext.model.contract import Metadata
from edgetext_bench.hosts.asking import Reply
from edgetext_bench.hosts.host import ROOT, Host
from edgetext_bench.runtimes.runtime import suffixes_of

OFFLINE = ROOT / "android_demo" / "offline"
PARTS = OFFLINE / "build" / "replay"
NAME = "executorch"
TASKS = ("joint", "classify")
LIMIT = 300.0  # seconds


def apk_hosts(folder: Path) -> list[Host]:
    """Give the one host, which needs nothing of the folder; its name has no release, since the APK
    brings its own."""
    missing = "" if (PARTS / ".done").exists() else _HOW
    return [Host("android", suffixes_of(NAME), {"": _ask}, missing, _refuses)]


_HOW = (
    "the APK's parts are not built: make -C android_demo/offline replay, after `edgetext export "
    "--target mobile --android android_demo`"
)


def _refuses(metadata: Metadata) -> str:
    if metadata.task in TASKS:
        return ""
    return f"the app reads models of tasks {' and '.join(TASKS)}, not {metadata.task}"


def _ask(model: Path, metadata: Metadata, texts: Sequence[Sequence[bytes]]) -> list[Reply]:
    """Replies in the texts' order; those that a String cannot hold have none."""
    asked = {i: text for i, (data,) in enumerate(texts) if (text := _decoded(data)) is not None}
    replies = [Reply()] * len(texts)
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "texts"), Path(folder, "answers")
        given.write_text("".join(json.dumps(text) + "\n" for text in asked.values()), "utf-8")
        command = ["sh", *map(str, (OFFLINE / "replay.sh", PARTS, model.resolve(), given, found))]
        how, said = _run(command)
        lines = found.read_text("utf-8").split("\n")[:-1] if found.exists() else []
    for i, line in zip(asked, lines, strict=False):
        replies[i] = Reply(row=_row(json.loads(line)))
    if len(lines) < len(asked):
        replies[list(asked)[len(lines)]] = Reply(fault=how, ended=True, said=said)
    return replies


def _run(command: Sequence[str]) -> tuple[str, str]:
    """How the process ended, in words, and the last line that it wrote to stderr."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return f"no answer within {LIMIT:.0f} s", ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return f"process ended with exit status {done.returncode}", lines[-1] if lines else ""


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _row(answer: dict[str, object]) -> dict[str, object]:
    """An answer as golden examples write it."""
    spans = [[span["label"], *span["bytes"]] for span in answer["spans"]]  # type: ignore[attr-defined]
    return {**answer, "spans": spans}
