"""What no module may write."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Where each task has a file of its own, and who says which tasks it knows: rivals, the app, what
# classes of other libraries answer, and the words that recipes used to have.
OF_TASKS = (
    "edgetext/tasks/answers",
    "edgetext/tasks/learners",
    "edgetext/starter/tasks",
    "edgetext/configs",
    "edgetext/models/heads",
    "edgetext/models/pretrained",
    "edgetext/huggingface/kinds.py",
    "edgetext/huggingface/embedders.py",
    "edgetext/recipe/words.py",
    "bench/edgetext_bench/experiments/fine_tune.py",
    "bench/edgetext_bench/experiments/imported.py",
    "bench/edgetext_bench/peers",
    "bench/edgetext_bench/runtimes/executorch/apk.py",
)
TASKS = frozenset(
    file.stem
    for file in (ROOT / OF_TASKS[0]).glob("*.py")
    if f'@register("task", "{file.stem}")' in file.read_text("utf-8")
)
# Where each encoder has a file of its own, who says which ones a runtime cannot hold, and the words
# that recipes used to have.
OF_ENCODERS = (
    "edgetext/models/encoders",
    "edgetext/configs/encoders.py",
    "edgetext/recipe/words.py",
    "edgetext/targets/executorch/limits.py",
)
ENCODERS = frozenset(
    file.stem
    for file in (ROOT / OF_ENCODERS[0]).glob("*.py")
    if f'@register("encoder", "{file.stem}")' in file.read_text("utf-8")
)
SOURCES = sorted([*(ROOT / "edgetext").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
CLASS_ASSIGNED = """
class A: ...
a = A()
{line}
"""


def assigned_attributes(source):
    """Give the name and line of each attribute that a module assigns or deletes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield node.attr, node.lineno


def test_no_module_assigns_a_class():
    """A layer is replaced by another in the open, and no object changes its class."""
    broken = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        for name, line in assigned_attributes(path.read_text("utf-8"))
        if name in ("__class__", "__dict__")
    ]
    assert broken == []


@pytest.mark.parametrize("line", ["a.__class__ = A", "a.b.__class__: type = A", "del a.__dict__"])
def test_an_assigned_class_is_seen(line):
    assert list(assigned_attributes(CLASS_ASSIGNED.format(line=line)))


def literals(source):
    """Give the text and line of each string literal of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def naming(words, places):
    """Give each place outside `places` where a module has one of the words as a literal."""
    return [
        f"{name}:{line} names {text}"
        for path in SOURCES
        if not (name := path.relative_to(ROOT).as_posix()).startswith(places)
        for text, line in literals(path.read_text("utf-8"))
        if text in words
    ]


def test_no_module_names_a_task_outside_its_own_files():
    """What differs from task to task is asked of the task, its learner or its starter."""
    assert {"classify", "joint", "lm", "multi"} <= TASKS
    assert naming(TASKS, OF_TASKS) == []


def test_no_module_names_an_encoder_outside_its_own_file():
    """What differs from encoder to encoder is asked of its class, as models.student_encoder."""
    assert {"bag", "cnn", "conv", "lstm", "transformer"} == ENCODERS
    assert naming(ENCODERS, OF_ENCODERS) == []


def test_a_named_task_is_seen():
    assert ("joint", 2) in list(literals('"""A module."""\nLEARNT = ("classify", "joint")'))


# Where the name of a runtime, or the suffix of its files, is a user's word and not a decision.
USERS_WORDS = {
    ("edgetext/commands/export.py", ".ort"): "what --ort adds",
    ("edgetext/commands/compress.py", "onnx"): "the default of --runtime",
    ("edgetext/api/compress.py", "onnx"): "the default of runtime",
    ("edgetext/search/compress.py", "onnx"): "the default of runtime",
    ("edgetext/timing/machine.py", "onnxruntime"): "a package whose version results note",
    ("edgetext/timing/machine.py", "executorch"): "a package whose version results note",
}
# Where each runtime has a folder of its own, and what is of one alone: the rivals with our network
# and of imported models, and what measured the text graph once.
OF_RUNTIMES = (
    "edgetext/targets",
    "bench/edgetext_bench/runtimes",
    "bench/edgetext_bench/peers/tokenizers_onnx.py",
    "bench/edgetext_bench/experiments/import_cost.py",
    "bench/edgetext_bench/experiments/imported_speed.py",
    "bench/edgetext_bench/experiments/imported_tokenizers.py",
    "bench/edgetext_bench/experiments/text_graph.py",
)
RUNTIME = re.compile(r"\.(onnx|ort|pte)\b|^(onnx|onnxruntime|executorch|ONNX Runtime|ExecuTorch)$")
FOREIGN = re.compile(r"^(onnx|onnxruntime|executorch|edgetext\.targets\.(onnx|executorch))(\.|$)")


def runtimes_named(source):
    """Give each runtime or suffix that a module's code names or imports, but for its docstrings and
    the help of its options."""
    tree = ast.parse(source)
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts |= {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in node.args[:1] + [k.value for k in node.keywords if k.arg == "help"]
        if isinstance(node.func, ast.Attribute) and "option" in ast.unparse(node.func)
        for part in ast.walk(argument)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            if RUNTIME.search(node.value):
                yield node.value
        elif isinstance(node, ast.ImportFrom) and FOREIGN.match(node.module or ""):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if FOREIGN.match(name.name))


def test_no_module_outside_targets_names_a_runtime():
    """A runtime is a component: who needs one asks the registry (targets.catalog), or, of what the
    benchmark alone knows, edgetext_bench.runtimes."""
    named = {
        (name, word)
        for path in SOURCES
        if not (name := path.relative_to(ROOT).as_posix()).startswith(OF_RUNTIMES)
        for word in runtimes_named(path.read_text("utf-8"))
    }
    assert named - set(USERS_WORDS) == set()
    assert set(USERS_WORDS) - named == set()  # none stays here that is gone


@pytest.mark.parametrize(
    "line",
    [
        'x = path.suffix == ".onnx"',
        'y = {".pte": 1}',
        'raise ValueError(f"{x}.ort")',
        "import onnxruntime",
        "from executorch.runtime import Runtime",
        "from edgetext.targets.onnx.session import OnnxSession",
        'make(runtime="executorch")',
    ],
)
def test_a_named_runtime_is_seen(line):
    assert len(list(runtimes_named(line))) == 1


def test_a_docstring_and_help_may_name_a_runtime():
    code = '"""Reads .onnx files."""\nclick.option("--ort", help="An .ort file.")(command)\n'
    assert list(runtimes_named(code)) == []
