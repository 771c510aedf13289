"""The registry: components by name, user modules."""

import sys

import pytest
from pydantic import BaseModel

import edgetext.registry as registry
from edgetext.core.errors import EdgetextError
from edgetext.registry import load_user_module, lookup, names, register

MODULE = """
from pydantic import BaseModel
from edgetext.registry import register

@register("encoder", "{name}")
class Mine:
    class Config(BaseModel):
        width: int = 3
"""


@pytest.fixture(autouse=True)
def same_registry_afterwards(monkeypatch):
    lookup("encoder", "bag")
    for kind, known in list(registry._components.items()):
        monkeypatch.setitem(registry._components, kind, dict(known))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("edgetext_user_"):
            del sys.modules[name]


def test_built_in_components_are_found_without_importing_their_module():
    assert {"bag", "cnn", "lstm", "transformer"} <= set(names("encoder"))
    assert {"classify", "joint"} <= set(names("head"))


def test_every_component_has_a_config_that_refuses_unknown_fields():
    for kind in ("encoder", "head"):
        for name in names(kind):
            config = lookup(kind, name).Config
            assert issubclass(config, BaseModel)
            assert config.model_config["extra"] == "forbid", f"{kind} {name}"


def test_an_unknown_name_is_answered_with_the_nearest_one():
    with pytest.raises(EdgetextError, match=r"transfomer is not a type of encoder; did you mean"):
        lookup("encoder", "transfomer")


def test_an_unknown_kind_is_answered_with_the_nearest_one():
    with pytest.raises(EdgetextError, match=r"encodr is not a kind of component; .* encoder\?"):
        lookup("encodr", "bag")


def test_a_taken_name_is_refused():
    with pytest.raises(EdgetextError, match="bag is registered twice"):

        @register("encoder", "bag")
        class Other:
            pass


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
