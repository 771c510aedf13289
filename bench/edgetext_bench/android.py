"""Target `android`: the demo app's own benchmark on a device, started and read over adb.

The app must be installed with the artifacts in its assets (`edgetext export --android`). Nothing is
copied to the device; what comes back is the JSON that the app writes (its class Benchmark).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from edgetext_bench.rows import Cell, Results, Row, make_row
from edgetext_bench.run import Loaded
from edgetext_bench.runtimes.known import runtime_of

TARGET = "android"
# The app times the golden examples that the artifact carries.
GOLDEN = "golden"
PACKAGE, ACTIVITY = "io.edgetext.demo", "io.edgetext.demo/.MainActivity"
REPORT = f"/sdcard/Android/data/{PACKAGE}/files/benchmark.json"
FORMAT = 1
REPLY_LIMIT = 30.0  # seconds that adb may take for one command
REPORT_LIMIT = 120.0  # seconds until the app has written its report
PAUSE = 0.5


class NoDevice(Exception):  # noqa: N818 (a state, with an exit status of its own)
    """There is no device to measure on; the message is a sentence."""


class CellError(Exception):
    """A cell that did not come to an end; the message says why."""


@dataclass(slots=True)
class Device:
    """One device behind `adb`, by its serial number."""

    adb: str
    serial: str

    def shell(self, *words: str) -> str:
        """What the command prints; CellError when the device is gone or refuses."""
        return _run([self.adb, "-s", self.serial, "shell", *words])


def find_device() -> Device:
    """The one device, or that of $ANDROID_SERIAL; NoDevice otherwise."""
    adb = os.environ.get("ADB") or shutil.which("adb")
    if adb is None:
        raise NoDevice(
            "adb is not installed; install Android's platform tools, or name them in $ADB"
        )
    try:
        listed = _run([adb, "devices"])
    except CellError as error:
        raise NoDevice(f"adb does not work: {error}") from error
    pairs = [line.split() for line in listed.splitlines()[1:] if line.strip()]
    ready = [pair[0] for pair in pairs if pair[1:2] == ["device"]]
    wanted = os.environ.get("ANDROID_SERIAL")
    if wanted:
        if wanted not in ready:
            raise NoDevice(f"adb sees no device {wanted}, which $ANDROID_SERIAL names")
        return Device(adb, wanted)
    if not ready:
        state = f" ({pairs[0][0]} is {pairs[0][1]})" if pairs and len(pairs[0]) > 1 else ""
        raise NoDevice(
            f"adb sees no device that is ready{state}; connect one, or start an emulator, and "
            "allow debugging on it"
        )
    if len(ready) > 1:
        raise NoDevice(f"adb sees {len(ready)} devices; name one in $ANDROID_SERIAL")
    device = Device(adb, ready[0])
    try:
        found = device.shell("pm", "path", PACKAGE)
    except CellError:
        found = ""
    if "package:" not in found:
        raise NoDevice(
            f"the device {device.serial} has no {PACKAGE}; install the app of android_demo on it"
        )
    return device


@dataclass(slots=True)
class AndroidRun:
    """One run on a device; see server.Run for common, say and advance."""

    loaded: Sequence[Loaded]
    device: Device
    results: Results
    common: dict[str, Any]
    say: Callable[[str], None] = lambda text: None
    advance: Callable[[], None] = lambda: None
    failed: list[tuple[Cell, str]] = field(default_factory=list)

    def measure(self) -> None:
        """Every file that a device can run; a device that vanishes leaves the others unmeasured."""
        for one in self.loaded:
            runtime = runtime_of(one.path.suffix)
            if runtime is None or not runtime.in_app:
                continue
            cell = Cell(TARGET, one.path.name, runtime.way, "latency", length=GOLDEN)
            self.say(str(cell))
            try:
                report = self._report(one)
            except CellError as error:
                self.failed.append((cell, str(error)))
                self.results.add(self._row(one, cell, {}, {"id": self.device.serial}, str(error)))
            else:
                self.add(one, cell, report)
            self.advance()

    def _report(self, one: Loaded) -> dict[str, Any]:
        """The app's report on the file."""
        metadata = one.predictor.metadata
        asset = f"{metadata.name}-{metadata.variant}{one.path.suffix}"
        self.device.shell("rm", "-f", REPORT)
        self.device.shell("am", "force-stop", PACKAGE)
        self.device.shell(
            *("am", "start", "-n", ACTIVITY, "--es", "asset", asset, "--ez", "benchmark", "true")
        )
        report = self._wait()
        if report.get("format") != FORMAT:
            raise CellError(
                f"the app writes format {report.get('format')} and this edgetext reads {FORMAT}; "
                "build the app of this edgetext's android_demo"
            )
        if report.get("model_version") != metadata.fields["model_version"]:
            raise CellError(
                f"the app's {asset} is another model (version {report.get('model_version')}, the "
                f"file's is {metadata.fields['model_version']}); export with --android and "
                "install the app again"
            )
        return report

    def _wait(self) -> dict[str, Any]:
        deadline = time.monotonic() + REPORT_LIMIT
        while time.monotonic() < deadline:
            try:
                text = self.device.shell("cat", REPORT, "2>/dev/null", "||", "true")
                found: dict[str, Any] = json.loads(text)
                return found
            except ValueError:  # not there yet, or half written
                time.sleep(PAUSE)
        raise CellError(f"the app wrote no report within {REPORT_LIMIT:.0f} s")

    def add(self, one: Loaded, cell: Cell, report: dict[str, Any]) -> None:
        about = report.get("device", {})
        machine = {"id": f"{self.device.serial}", "cores": 0, "flags": [], **about}
        machine.setdefault("cpu", about.get("model", "Android"))
        latency = {f"p{share}_us": round(1e3 * report[f"p{share}_ms"], 3) for share in (50, 90, 99)}
        latency |= {"calls": report["calls"]}
        latency |= {name: report[name] for name in ("golden_passed", "golden_total")}
        start = {"load_ms": report["load_ms"], "first_ms": report["first_answer_ms"]}
        self.results.add(self._row(one, cell, latency, machine))
        begun = Cell(TARGET, cell.contender, cell.runtime, "start")
        self.results.add(self._row(one, begun, start, machine))
        passed, total = report["golden_passed"], report["golden_total"]
        if passed != total:
            fault = f"{total - passed} of {total} golden examples are answered otherwise"
            self.failed.append((cell, fault))

    def _row(
        self,
        one: Loaded,
        cell: Cell,
        figures: dict[str, Any],
        machine: dict[str, Any],
        fault: str = "",
    ) -> Row:
        common = {**self.common, "machine": machine}
        return make_row(cell, one.file, common, figures, "failed" if fault else "ok", fault)


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=REPLY_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CellError(f"adb gave no answer within {REPLY_LIMIT:.0f} s") from error
    except OSError as error:
        raise CellError(f"{command[0]} cannot be run ({error.strerror})") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise CellError(said[-1] if said else f"adb ended with status {done.returncode}")
    return done.stdout.decode("utf-8", "replace")
