"""The registry: components by name."""

import pytest
from pydantic import BaseModel

from edgetext.core.errors import EdgetextError
from edgetext.registry import lookup, names, register


def test_built_in_components_are_found_without_importing_their_module():
    assert {"bag", "cnn", "lstm", "transformer"} <= set(names("encoder"))
    assert {"classify", "joint"} <= set(names("head"))


def test_every_component_has_a_config_that_refuses_unknown_fields():
    for kind in ("encoder", "head"):
        for name in names(kind):
            component = lookup(kind, name)
            if not component.__module__.startswith("edgetext."):
                continue  # another test's own
            config = component.Config
            assert issubclass(config, BaseModel)
            assert config.model_config["extra"] == "forbid", f"{kind} {name}"
            # What a recipe is checked by, without the component, is what the component has.
            assert lookup(f"{kind}_config", name) is config


def test_an_unknown_name_is_answered_with_the_nearest_one():
    with pytest.raises(EdgetextError, match=r"transfomer is not a type of encoder; did you mean"):
        lookup("encoder", "transfomer")


def test_an_unknown_kind_is_answered_with_the_nearest_one():
    with pytest.raises(EdgetextError, match=r"encodr is not a kind of component; .* encoder\?"):
        lookup("encodr", "bag")


def test_a_taken_name_is_refused():
    lookup("encoder", "bag")
    with pytest.raises(EdgetextError, match="bag is registered twice"):

        @register("encoder", "bag")
        class Other:
            pass
