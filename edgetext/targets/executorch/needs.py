"""The operators that a program calls by name, with their element types, as ExecuTorch's selective
build takes them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from edgetext.core.native_quiet import native_quiet
from edgetext.core.quiet import quiet
from edgetext.targets.executorch.importing import import_exporter
from edgetext.targets.executorch.target import RELEASES
from edgetext.targets.needs import NeededOperator, Needs, in_order

# ExecuTorch's numbers of element types (runtime/core/portable_type/scalar_type.h).
SCALAR_TYPES = {
    0: "uint8", 1: "int8", 2: "int16", 3: "int32", 4: "int64", 5: "float16", 6: "float32",
    7: "float64", 11: "bool", 15: "bfloat16",
}  # fmt: skip
# A kernel's key: the version, then element type and order of dimensions of each tensor.
_TENSOR = re.compile(r"(?:/|\|)(\d+);")


def needs_of(content: bytes) -> Needs:
    """Read what a program, sealed or not, needs of a build of ExecuTorch."""
    listed = selected(content)
    types = {
        name: [SCALAR_TYPES[int(x)] for key in keys for x in _TENSOR.findall(key)]
        for name, keys in listed["et_kernel_metadata"].items()
    }
    there = _registered()
    names = sorted(listed["operators"])
    return Needs(
        tuple(NeededOperator(name, "", in_order(types.get(name, ()))) for name in names),
        f"{RELEASES.title} {version(RELEASES.package)}",
        (("operators", len(set(names) & there), len(there)),),
        delegates(content),
        yaml.safe_dump(listed, sort_keys=True),
    )


def selected(content: bytes) -> dict[str, Any]:
    """Give what ExecuTorch's own `gen_oplist` writes of a program, without the names of files."""
    with native_quiet(), quiet(), tempfile.TemporaryDirectory() as folder:
        from executorch.codegen.tools.gen_oplist import gen_oplist

        model, output = Path(folder, "model.pte"), Path(folder, "selected_operators.yaml")
        model.write_bytes(content)
        gen_oplist(output_path=str(output), model_file_path=str(model))
        listed: dict[str, Any] = yaml.safe_load(output.read_text("utf-8"))
    for operator in listed["operators"].values():
        operator.pop("debug_info", None)
    return listed


def delegates(content: bytes) -> tuple[str, ...]:
    """Name the backends to which the program hands parts of itself."""
    with native_quiet():
        import_exporter()
        from executorch.exir._serialize._program import deserialize_pte_binary

        plans: Sequence[Any] = deserialize_pte_binary(content).program.execution_plan
    return tuple(sorted({delegate.id for plan in plans for delegate in plan.delegates}))


def _registered() -> set[str]:
    """Give the names of all operators of the Python package's runtime."""
    from edgetext.targets.executorch.bindings import executorch_runtime

    with native_quiet():
        runtime: Any = executorch_runtime().Runtime.get()
    return set(runtime.operator_registry.operator_names)
