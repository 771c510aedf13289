"""No command, function or file grows beyond what can be read at once."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Lines, of a function from `def` to its end with the docstring, of a command its body alone.
COMMAND, FUNCTION, FILE = 40, 60, 350


def sources():
    for folder in ("edgetext", "bench/edgetext_bench"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def functions(text):
    """Each function of a module, and whether it is a click command."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = map(ast.unparse, node.decorator_list)
            yield node, any(".command(" in name for name in decorators)


def lines_of(node):
    return node.end_lineno - node.lineno + 1


def lines_of_body(node):
    """Without the signature and the docstring."""
    first = node.body[1 if ast.get_docstring(node) else 0 :]
    return node.end_lineno - first[0].lineno + 1 if first else 0


def too_large():
    for path in sources():
        text, name = path.read_text("utf-8"), path.relative_to(ROOT).as_posix()
        if len(text.splitlines()) > FILE:
            yield name
        for node, is_command in functions(text):
            if lines_of(node) > FUNCTION or (is_command and lines_of_body(node) > COMMAND):
                yield f"{name}:{node.name}"


def test_nothing_is_too_large():
    assert list(too_large()) == []


def test_lines_are_counted():
    signature, docstring = "def f(\n    a,\n):\n", '    """Do.\n\n    It.\n    """\n'
    text = f'@x.command("a")\n{signature}{docstring}    b = a\n    return b\n'
    ((node, is_command),) = functions(text)
    assert is_command and (lines_of(node), lines_of_body(node)) == (9, 2)
