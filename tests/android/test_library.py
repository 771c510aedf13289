"""The Android library as others use it: its documents, its values, its rules for shrinking, Kotlin.

It is compiled against the few declarations in tests/android/stubs, in place of Android and
ExecuTorch.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "android_demo" / "edgetext-android"
OFFLINE = ROOT / "android_demo" / "offline"
SOURCES = sorted((LIBRARY / "src" / "main" / "java").rglob("*.java"))
STUBS = [
    *(Path(__file__).parent / "stubs").rglob("*.java"),
    *(OFFLINE / "onnxruntime").rglob("*.java"),
]
JAVAC = [
    "javac",
    "-nowarn",
    "-Xlint:-options",
    "-encoding",
    "UTF-8",
    "-source",
    "8",
    "-target",
    "8",
]

pytestmark = pytest.mark.skipif(
    shutil.which("javac") is None, reason="no JDK: install openjdk-17-jdk-headless"
)


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """The library and what it is compiled against."""
    folder = tmp_path_factory.mktemp("library")
    values = (Path(__file__).parent / "values").rglob("*.java")
    subprocess.run([*JAVAC, "-d", folder, *SOURCES, *STUBS, *values], check=True)
    return folder


@pytest.mark.skipif(shutil.which("javadoc") is None, reason="no javadoc")
def test_all_that_is_public_is_documented(classes, tmp_path):
    command = ["javadoc", "-quiet", "-Xdoclint:all", "-Werror", "-encoding", "UTF-8"]
    command += ["-d", str(tmp_path), "-classpath", str(classes), *map(str, SOURCES)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "io" / "edgetext" / "core" / "Prediction.html").exists()


def test_spans_and_labels_are_values(classes):
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", classes, "io.edgetext.core.ValueCheck"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = ["Span[1, city, 2, 5, 2, 4]", "true", "false", "true", "false"]
    assert done.stdout.splitlines() == lines


def test_the_rules_for_shrinking_keep_every_class_that_native_code_asks_for():
    """By the packages that the sources use; `make shrunk` runs what is left (test_apk.py)."""
    rules = (LIBRARY / "consumer-rules.pro").read_text("utf-8")
    kept = re.findall(r"^-keep class ([\w.]+)\.\*\* \{ \*; \}$", rules, re.MULTILINE)
    imported = {
        name
        for source in SOURCES
        for name in re.findall(r"^import ([\w.]+)\.\w+;$", source.read_text("utf-8"), re.MULTILINE)
        if not name.startswith(("java.", "android.", "io.edgetext"))
    }
    assert imported == {"ai.onnxruntime", "org.pytorch.executorch"} < set(kept)
    build = (LIBRARY / "build.gradle.kts").read_text("utf-8")
    assert 'consumerProguardFiles("consumer-rules.pro")' in build


def kotlin_compiler() -> Path | None:
    """The folder of jars that the package kotlin-jupyter-kernel brings, the compiler among them."""
    spec = importlib.util.find_spec("run_kotlin_kernel")
    return Path(str(spec.origin)).parent / "jars" if spec else None


@pytest.mark.slow
@pytest.mark.skipif(kotlin_compiler() is None, reason="pip install kotlin-jupyter-kernel")
def test_the_kotlin_extensions_and_the_sample_compile(classes, tmp_path):
    jars = sorted(kotlin_compiler().glob("*.jar"))
    (library,) = (jar for jar in jars if jar.name.startswith("kotlin-stdlib"))
    sources = sorted([*(LIBRARY / "src").rglob("*.kt"), *(LIBRARY / "samples").glob("*.kt")])
    assert len(sources) == 2
    command = [
        "java",
        "-cp",
        ":".join(map(str, jars)),
        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
    ]
    command += ["-no-stdlib", "-no-reflect", "-jvm-target", "1.8", "-Werror"]
    command += ["-classpath", f"{library}:{classes}", "-d", str(tmp_path), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "io" / "edgetext" / "samples" / "Answerer.class").exists()
