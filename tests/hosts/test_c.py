"""hosts/c, built against the ONNX Runtime that the Python package brings, answers as Python."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from releases import FOLDER, NPMS, OLDEST, host_of

from edgetext.predictor import load

ROOT = Path(__file__).resolve().parents[2]
HOST, OWN = ROOT / "hosts" / "c", Path(__file__).parent / "c"
VECTORS = ROOT / "tests" / "vectors"
LIBRARY = next(Path(onnxruntime.__file__).parent.glob("capi/libonnxruntime.so.*"))
# Where the package libonnxruntime-dev has ONNX Runtime's own header, and where the offline build of
# the app unpacks it.
HEADERS = [
    Path("/usr/include/onnxruntime"),
    ROOT / "android_demo/offline/build/parts/debian/usr/include/onnxruntime",
]
# Vectors that ask for more than there is in C: offsets in characters, engines that throw, files of
# ExecuTorch, whole documents that are no list; and tasks, of which this host takes all.
NOT_IN_C = {
    "other task",
    "a task of others",
    "oldest_runtime: not told in a .pte",
    "engine fails",
    "not a list",
    "cut",
}
NEAR = 1e-4
VALGRIND = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible"]
VALGRIND += ["--error-exitcode=9", f"--suppressions={OWN / 'onnxruntime.supp'}"]

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or shutil.which("make") is None, reason="no gcc or no make"
)


def build(folder: Path, header: Path, library: Path = LIBRARY) -> Path:
    command = ["make", "-s", "-C", str(HOST), f"BUILD={folder}", f"ORT_INCLUDE={header}"]
    subprocess.run([*command, f"ORT_LIBRARY={library}"], check=True)
    return folder / "sample"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample, built without a warning with the header of the tests' own."""
    return build(tmp_path_factory.mktemp("c"), OWN)


def ask(sample: Path, *words: Path | str | bytes, given: bytes = b"") -> str:
    """What is printed where it ends well."""
    done = subprocess.run([sample, *words], input=given, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8", "surrogateescape")


def refusal(sample: Path, *words: Path | str | bytes) -> str:
    """The one sentence on standard error where it ends with status 2 and has printed nothing."""
    done = subprocess.run([sample, *words], capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("sample: error: ") and line.endswith(".")
    return line


def in_lines(answer: Any, text: bytes) -> list[str]:
    """A prediction as the sample prints it."""
    lines = [] if answer.intent is None else [f"intent {answer.intent} {answer.score:.6f}"]
    for span in answer.spans:
        words = text[span.start : span.end].decode("utf-8", "surrogateescape")
        lines.append(f"span {span.label} {span.start} {span.end} {words}")
    return (lines or ["nothing"]) + ["truncated"] * answer.truncated


def is_same(printed: str, line: str) -> bool:
    """Equal, but for the last digits of probabilities."""
    if not line.startswith("intent "):
        return printed == line
    (*words, score), (*others, other) = printed.split(" "), line.split(" ")
    return words == others and abs(float(score) - float(other)) < NEAR


@pytest.mark.parametrize("name", ["joint", "int8", "classify", "tag"])
def test_answers_are_those_of_python(sample, predictors, texts, name):
    """Of ordinary texts, an empty one, one that is too long and bytes that are no UTF-8."""
    predictor = predictors[name].onnx
    plain = [text for text in texts if not {0, 10} & set(text) and text not in (b"-",)]
    assert len(plain) > 100 and b"" in plain
    assert any(len(text) > predictor.metadata.max_bytes for text in plain)
    printed = ask(sample, predictor.path, *plain).split("\n\n")[:-1]
    for text in sorted(set(texts) - set(plain)):
        # Such as cannot stand in an argument, or would end a line.
        plain.append(text)
        printed.append(ask(sample, predictor.path, "-", given=text)[:-2])
    for text, answer in zip(plain, printed, strict=True):
        first, *rest = "\n".join(in_lines(predictor.predict(text), text)).split("\n")
        printed_first, *printed_rest = answer.split("\n")
        assert is_same(printed_first, first) and printed_rest == rest, text


@pytest.mark.parametrize("name", ["parse", "multi"])
def test_tensors_of_all_other_tasks_come_as_they_are(sample, predictors, name):
    predictor = predictors[name].onnx
    text = "a cheap hotel in Rome?"
    lines = ask(sample, predictor.path, text).splitlines()[:-1]
    array = np.frombuffer(text.encode(), np.uint8).reshape(1, -1)
    session = predictor.session
    assert len(lines) == len(session.outputs) > 1
    for line, name, output in zip(lines, session.outputs, session.run(array), strict=True):
        shape, values = re.fullmatch(rf"{name} \[(.*?)\] ?(.*)", line).groups()
        assert [int(size) for size in shape.split(",")] == list(output.shape)
        assert np.allclose(np.array(values.split(), float), output.reshape(-1), atol=NEAR)


@pytest.mark.parametrize("name", ["int8", "classify", "tag"])
def test_golden_examples_are_replayed(sample, predictors, name):
    predictor = predictors[name].onnx
    count = len(predictor.golden)
    words = f"{count} of {count} golden examples answered alike in ONNX Runtime"
    assert ask(sample, predictor.path, "--verify") == f"{words} {onnxruntime.__version__}\n"


def test_a_file_of_edgetext_0_1_answers(sample):
    file = ROOT / "tests" / "files" / "0.1" / "joint-int8.onnx"
    assert "15 of 15 golden examples" in ask(sample, file, "--verify")


@pytest.mark.parametrize("release", [OLDEST, NPMS])
def test_older_releases_answer_alike(tmp_path, joint_files, release):
    """Built for each, since the library's symbol carries its release."""
    host_of(release)
    (library,) = (FOLDER / f"onnxruntime-{release}").glob("onnxruntime/capi/libonnxruntime.so.*")
    older = build(tmp_path, OWN, library)
    assert f"answered alike in ONNX Runtime {release}" in ask(older, joint_files.onnx, "--verify")
    # What edgetext 0.1 wrote needs 1.32.0.
    words = f"needs ONNX Runtime 1.32.0 or newer, and this is {release}"
    file = ROOT / "tests" / "files" / "0.1" / "joint-int8.onnx"
    assert words in refusal(older, file, "a room")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"intent": 1', b'"intent": 0', "intent 1, expected 0"),
        (b'"truncated": true', b'"truncated":false', "truncated 1, expected 0"),
        (b"[[0, ", b"[[1, ", "span 0 at "),
    ],
)
def test_a_golden_example_that_differs_is_status_1(
    sample, joint_files, tmp_path, tamper, old, new, words
):
    path = tamper(joint_files.onnx, tmp_path / "m.onnx", old, new)
    done = subprocess.run([sample, path, "--verify"], capture_output=True, text=True)
    assert done.returncode == 1 and words in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"contract": 1', b'"contract": 7', "is of contract 7"),
        (b'"oldest_runtime": "1.24.1"', b'"oldest_runtime": "9.24.1"', "needs ONNX Runtime 9.24.1"),
        (b'"contract": 1', b'"contracd": 1', '"contract"'),
        (b'{"contract"', b'<"contract"', "description"),
        (b'"max_bytes": 64', b'"max_bytes":-64', "no byte limit"),
    ],
)
def test_a_file_that_is_not_for_this_host_is_told(
    sample, joint_files, tmp_path, tamper, old, new, words
):
    path = tamper(joint_files.onnx, tmp_path / "m.onnx", old, new)
    line = refusal(sample, path, "a room")
    assert words in line and f'"{path}"' in line


def test_what_cannot_be_read_is_told(sample, joint_files, batch_files, tmp_path):
    content = joint_files.onnx.read_bytes()
    changed = bytearray(content)
    changed[1000] ^= 1
    cases = {
        "cut.onnx": (content[:-1], "cut short"),
        "changed.onnx": (bytes(changed), "not the file that was exported"),
        "text.onnx": (b"hello " * 50, "not made by edgetext export"),
        "short.onnx": (b"x", "not made by edgetext export"),
        "empty.onnx": (b"", "is empty"),
        "model.ort": (b"\0" * 4 + b"ORTM" + b"x" * 100, "in ORT format (.ort); give the .onnx"),
        "model.pte": (b"\0" * 4 + b"ET12" + b"x" * 100, "an ExecuTorch program (.pte); give"),
    }
    for name, (given, words) in cases.items():
        (tmp_path / name).write_bytes(given)
        assert words in (line := refusal(sample, tmp_path / name, "a room")) and name in line
    assert "cannot be opened" in refusal(sample, tmp_path / "missing.onnx", "a")
    assert "one text at a time" in refusal(sample, batch_files.classify, "a")
    assert "uint8[1, 0]" in refusal(sample, joint_files.onnx, "--raw", "")
    assert "give a text" in refusal(sample, joint_files.onnx, "--raw")


def test_what_the_sample_cannot_take_or_write_is_told(sample, joint_files):
    much = subprocess.run(
        [sample, joint_files.onnx, "-"], input=b" " * (2**20 + 1), capture_output=True
    )
    assert much.returncode == 2 and b"more than 1 MiB" in much.stderr
    with open("/dev/full", "wb") as full:
        unwritten = subprocess.run(
            [sample, joint_files.onnx, "a room"], stdout=full, stderr=subprocess.PIPE
        )
    assert unwritten.returncode == 2 and b"could not be written" in unwritten.stderr


def test_tasks_that_are_not_compared_are_told(sample, parse_files):
    assert "of task parse" in refusal(sample, parse_files.onnx, "--verify")


def vectors_of(name: str) -> list[dict[str, Any]]:
    vectors = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    for vector in vectors:
        vector["metadata_json"] = json.dumps(vector.get("metadata"))
    return vectors


def agrees(expected: dict[str, Any], got: dict[str, Any]) -> bool:
    """Whether all that both name is the same; of an error a part is enough."""
    if "error" in expected:
        return expected["error"] in got.get("error", "")
    if "error" in got:
        return False
    spans = [[label, words] for label, *_, words in expected.get("spans", ())]
    return all(
        got[name] == (spans if name == "spans" else value)
        for name, value in expected.items()
        if name in got
    )


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    program = tmp_path_factory.mktemp("runner") / "vector_runner"
    sources = [HOST / f"{x}.c" for x in ("artifact", "compare", "decode", "describe", "json")]
    command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{HOST}", "-o", program]
    sources += [HOST / "sha256.c", OWN / "vector_runner.c"]
    subprocess.run([*command, *sources, "-lm"], check=True)
    return program


@pytest.mark.parametrize("name", ["json", "metadata", "decode", "replay"])
def test_the_vectors_are_answered_as_python_expects(runner, tmp_path, name):
    vectors = vectors_of(name)
    (tmp_path / "vectors.json").write_text(json.dumps(vectors), "utf-8")
    (answers,) = map(json.loads, ask(runner, tmp_path / "vectors.json").splitlines())
    assert len(answers) == len(vectors) > 0
    for vector, got in zip(vectors, answers, strict=True):
        expected = vector["expected"]
        if name == "json" and not (isinstance(expected, dict) and "error" in expected):
            assert got == json.loads(json.dumps(expected).replace("\\ud800", "\\ufffd")), vector
        elif vector["name"] not in NOT_IN_C:
            assert got is not None
            assert agrees(expected, got), (vector["name"], expected, got)


def test_two_threads_may_ask_one_model(sample, joint_files, tmp_path):
    asked = ["a cheap hotel in Rome?", "will it rain next week?"]
    command = ["gcc", "-std=c99", f"-I{HOST}", OWN / "two_threads.c"]
    command += [sample.parent / "libedgetext.a", LIBRARY, f"-Wl,-rpath,{sample.parent}"]
    subprocess.run([*command, "-lpthread", "-o", tmp_path / "two"], check=True)
    lines = ask(tmp_path / "two", joint_files.onnx, *asked).splitlines()
    model = load(joint_files.onnx)
    for text, line in zip(asked, lines, strict=True):
        answer = model.predict(text)
        assert line == f"{answer.intent} {len(answer.spans)}"


@pytest.fixture(scope="module")
def header():
    known = [Path(x) for x in (os.environ.get("ORT_INCLUDE"),) if x] + HEADERS
    for folder in known:
        if (folder / "onnxruntime_c_api.h").exists():
            return folder
    pytest.skip("no onnxruntime_c_api.h: set ORT_INCLUDE, or install libonnxruntime-dev")


@pytest.mark.slow
def test_the_own_header_is_as_the_real_one(header, tmp_path):
    """The places of the functions, and the numbers of what they are given."""
    own = (OWN / "onnxruntime_c_api.h").read_text("utf-8")
    functions = re.findall(r"\(\*(\w+)\)", own.partition("unused_##from")[2])
    functions = [name for name in functions if name not in ("GetApi", "GetVersionString")]
    numbers = re.findall(r"\b([A-Z]\w+) = \d", own)
    assert len(functions) == 29 and len(numbers) == 6
    lines = [f'printf("%zu\\n", offsetof(OrtApi, {name}));' for name in functions]
    lines += [f'printf("%d\\n", (int){name});' for name in numbers]
    lines += ['printf("%zu\\n", offsetof(OrtAllocator, Free));']
    heads = ("onnxruntime_c_api.h", "stddef.h", "stdio.h")
    includes = "".join(f"#include <{name}>\n" for name in heads)
    (tmp_path / "places.c").write_text(f"{includes}int main(void) {{ {' '.join(lines)} }}")
    printed = []
    for folder in (header, OWN):
        command: Sequence[Any] = ["gcc", f"-I{folder}", tmp_path / "places.c", "-o"]
        subprocess.run([*command, tmp_path / "places"], check=True)
        printed.append(subprocess.check_output([tmp_path / "places"], text=True))
    assert printed[0] == printed[1]


@pytest.mark.slow
def test_it_builds_with_the_real_header(header, tmp_path, joint_files):
    assert "answered alike" in ask(build(tmp_path, header), joint_files.onnx, "--verify")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind")
@pytest.mark.parametrize("words", [["a room in Rome", "", "x" * 99, b"\xff\xfe"], ["--verify"]])
def test_nothing_leaks_and_nothing_unset_is_read(sample, joint_files, words):
    done = subprocess.run([*VALGRIND, sample, joint_files.onnx, *words], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind")
def test_a_refused_file_leaks_nothing(sample, joint_files, tmp_path, tamper):
    path = tamper(joint_files.onnx, tmp_path / "m.onnx", b'"contract": 1', b'"contract": 7')
    done = subprocess.run([*VALGRIND, sample, path, "a"], capture_output=True)
    assert done.returncode == 2, done.stderr.decode()
