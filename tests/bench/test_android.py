"""The android target, with a script in the place of adb."""

import json
import os
import stat

import pytest

from edgetext.cli import main
from edgetext.predictor import load
from edgetext_bench import android
from edgetext_bench.rows import cell_of, read_rows

FAKE = """#!/bin/sh
echo "$@" >> {log}
case "$*" in
  devices) printf 'List of devices attached\\n{devices}\\n' ;;
  *"pm path"*) echo "{package}" ;;
  *"am start"*)
    for word in "$@"; do case "$word" in *.pte|*.onnx) cp "{folder}/$word.json" {folder}/now ;; esac
    done ;;
  *"rm -f"*) rm -f {folder}/now ;;
  *cat*) [ -e {folder}/gone ] && {{ echo "error: device 'phone1' not found" >&2; exit 1; }}
    cat {folder}/now 2>/dev/null || true ;;
esac
"""


@pytest.fixture
def phone(tmp_path, monkeypatch, int8_files):
    """phone(devices, package): an adb with a phone that answers with the reports in its folder."""
    folder = tmp_path / "phone"
    folder.mkdir()

    def make(devices="phone1\\tdevice", package="package:/data/app/base.apk"):
        adb = folder / "adb"
        adb.write_text(
            FAKE.format(log=folder / "log", devices=devices, package=package, folder=folder)
        )
        adb.chmod(adb.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("ADB", str(adb))
        monkeypatch.delenv("ANDROID_SERIAL", raising=False)
        monkeypatch.setattr(android, "PAUSE", 0.01)
        monkeypatch.setattr(android, "REPORT_LIMIT", 0.5)
        return folder

    return make


def report(path, **changes):
    metadata = load(path).metadata
    found = {
        "format": 1, "target": "android", "runtime": "executorch", "model": metadata.name,
        "variant": metadata.variant, "model_version": metadata.fields["model_version"],
        "checkpoint_sha256": "", "device": {"model": "Pixel", "abi": "arm64-v8a"},
        "load_ms": 3.5, "first_answer_ms": 0.8, "calls": 200, "p50_ms": 0.31, "p90_ms": 0.4,
        "p99_ms": 0.9, "golden_passed": 16, "golden_total": 16, **changes,
    }  # fmt: skip
    return f"{metadata.name}-{metadata.variant}{path.suffix}.json", json.dumps(found)


@pytest.fixture
def bench(int8_files, data, tmp_path):
    """bench(files) -> (exit status, rows)."""

    def run(*files):
        path = tmp_path / "r.jsonl"
        words = ["--recipe", str(data / "joint.yaml"), "--on", "android", "-o", str(path)]
        status = main(["bench", *map(str, files), *words])
        return status, (read_rows(path) if path.exists() else [])

    return run


def test_the_apps_report_becomes_rows(phone, bench, int8_files, capsys):
    folder = phone()
    name, text = report(int8_files.pte)
    (folder / name).write_text(text)
    status, rows = bench(int8_files.pte)
    assert status == 0
    figures = {cell_of(row).kind: row for row in rows}
    assert figures["latency"]["measured"]["p50_us"] == 310
    assert figures["latency"]["measured"]["golden_passed"] == 16
    assert figures["start"]["measured"] == {"load_ms": 3.5, "first_ms": 0.8}
    assert figures["latency"]["machine"]["model"] == "Pixel"
    assert "joint-int8.pte · executorch · android" in capsys.readouterr().out
    assert "push" not in (folder / "log").read_text()


@pytest.mark.parametrize(
    "devices, package, said",
    [
        ("", "package:x", "no device that is ready"),
        ("phone1\\tunauthorized", "package:x", "phone1 is unauthorized"),
        ("a\\tdevice\\nb\\tdevice", "package:x", r"2 devices; name one in $ANDROID_SERIAL"),
        ("a\\tdevice", "", "has no io.edgetext.demo"),
    ],
)
def test_without_a_device_it_says_so_and_exits_3(
    phone, bench, int8_files, capsys, devices, package, said
):
    phone(devices, package)
    assert bench(int8_files.pte) == (3, [])
    assert said in capsys.readouterr().err


def test_without_adb_it_says_so_and_exits_3(bench, int8_files, monkeypatch, capsys):
    monkeypatch.delenv("ADB", raising=False)
    monkeypatch.setenv("PATH", os.devnull)
    assert bench(int8_files.pte)[0] == 3
    assert "adb is not installed" in capsys.readouterr().err


def test_a_device_that_vanishes_leaves_what_it_gave_and_names_the_cell(
    phone, bench, int8_files, capsys, monkeypatch
):
    folder = phone()
    for path in (int8_files.pte, int8_files.onnx):
        name, text = report(path)
        (folder / name).write_text(text)
    added = android.AndroidRun.add

    def then_gone(self, one, cell, found):
        added(self, one, cell, found)
        (folder / "gone").touch()

    monkeypatch.setattr(android.AndroidRun, "add", then_gone)
    status, rows = bench(int8_files.pte, int8_files.onnx)
    assert status == 1
    by_status = {row["status"]: row for row in rows if cell_of(row).kind == "latency"}
    assert by_status["ok"]["cell"]["contender"] == "joint-int8.pte"
    assert by_status["failed"]["cell"]["contender"] == "joint-int8.onnx"
    err = capsys.readouterr().err
    assert "failed: joint-int8.onnx in onnxruntime on android" in err and "not found" in err


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"model_version": "other"}, "is another model"),
        ({"format": 7}, "format 7"),
        ({"golden_passed": 14}, "2 of 16 golden examples"),
    ],
)
def test_another_model_or_app_or_answer_is_a_failure(
    phone, bench, int8_files, capsys, changes, said
):
    folder = phone()
    name, text = report(int8_files.pte, **changes)
    (folder / name).write_text(text)
    assert bench(int8_files.pte)[0] == 1
    assert said in capsys.readouterr().err


def test_an_app_that_writes_nothing_is_given_up(phone, bench, int8_files, capsys):
    folder = phone()
    (folder / report(int8_files.pte)[0]).write_text("")
    assert bench(int8_files.pte)[0] == 1
    assert "no report within" in capsys.readouterr().err
