"""An attribute that says what holds without it -> nothing.

ONNX Runtime's optimizer writes out all attributes that its release knows, and an older release
refuses the one that it does not, whatever its value: so more releases run a file, and it is
smaller.
"""

from __future__ import annotations

from functools import cache

import onnx
from onnxruntime.capi._pybind_state import get_all_operator_schema

from edgetext.targets.onnx.view import all_nodes


def drop_defaults(model: onnx.ModelProto) -> None:
    """Take out each such attribute, in place."""
    defaults = _defaults()
    sets = {entry.domain: entry.version for entry in model.opset_import}
    for node in all_nodes(model.graph):
        versions = defaults.get((node.domain, node.op_type), {})
        known = [version for version in versions if version <= sets.get(node.domain, 0)]
        if known:
            by_name = versions[max(known)]
            kept = [entry for entry in node.attribute if by_name.get(entry.name) != entry]
            del node.attribute[:]
            node.attribute.extend(kept)


@cache
def _defaults() -> dict[tuple[str, str], dict[int, dict[str, onnx.AttributeProto]]]:
    """Read the attributes' defaults of each version of each operator that ONNX Runtime has."""
    defaults: dict[tuple[str, str], dict[int, dict[str, onnx.AttributeProto]]] = {}
    for schema in get_all_operator_schema():
        attributes = {
            name: onnx.AttributeProto.FromString(attribute._default_value)
            for name, attribute in schema.attributes.items()
            if attribute._default_value
        }
        defaults.setdefault((schema.domain, schema.name), {})[schema.since_version] = attributes
    return defaults
