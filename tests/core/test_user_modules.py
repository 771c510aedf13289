"""A user's Python files: run once, and refused in one sentence."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.core.user_modules import load_user_module
from edgetext.registry import lookup

MODULE = """
from pydantic import BaseModel
from edgetext.registry import register

@register("encoder", "{name}")
class Mine:
    class Config(BaseModel):
        width: int = 3
"""


def test_a_user_module_registers_once(tmp_path):
    (tmp_path / "mine.py").write_text(MODULE.format(name="mine_once"))
    load_user_module("mine.py", relative_to=tmp_path)
    first = lookup("encoder", "mine_once")
    load_user_module(tmp_path / "mine.py")
    assert lookup("encoder", "mine_once") is first
    assert first.Config().width == 3


def test_a_missing_user_module_is_one_sentence(tmp_path):
    with pytest.raises(EdgetextError, match=r"mine\.py: there is no such module"):
        load_user_module("mine.py", relative_to=tmp_path)


@pytest.mark.parametrize(
    ("source", "line", "kind"),
    [("x = 1\nraise KeyError('y')\n", 2, "KeyError"), ("x = (\n\n)1\n", 3, "SyntaxError")],
)
def test_a_failing_user_module_is_named_with_its_line(tmp_path, source, line, kind):
    (tmp_path / "mine.py").write_text(source)
    with pytest.raises(
        EdgetextError, match=rf"mine\.py:{line}: the imported module fails with {kind}"
    ):
        load_user_module(tmp_path / "mine.py")
    # A second try must not find a half-made module.
    with pytest.raises(EdgetextError, match="fails with"):
        load_user_module(tmp_path / "mine.py")
