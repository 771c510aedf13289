"""What is changed in torch's ONNX exporter while a graph is written, so that it takes less time.

All of it is of the release that pyproject.toml pins; a newer one is to be looked through again.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from onnxscript._internal.values import TracedOnnxFunction
from onnxscript.rewriter._rewrite_rule import RewriteRule
from torch import fx
from torch.export import ExportedProgram
from torch.onnx._internal.exporter import _decomp, _fx_passes, _registration
from torch.onnx._internal.fx.passes import type_promotion

from edgetext.targets.onnx.decomposing import respell
from edgetext.targets.patching import replaced
from edgetext.targets.tracing import traced_fast

Registry = _registration.ONNXRegistry
Promotion = type_promotion._TypePromotionInterpreter
steps = _fx_passes  # what the exporter does with a program before it writes it


@contextlib.contextmanager
def patched() -> Iterator[None]:
    """Change the exporter while the block runs: one registry of operators, no second run of a graph
    for what its nodes say already, and no pattern that is looked for behind another operator."""
    changes: list[tuple[Any, str, Any]] = [
        (Registry, "from_torchlib", staticmethod(registry)),
        (Promotion, "run_node", promoted),
        (steps, "decompose_with_registry", decomposed),
        (RewriteRule, "try_rewrite", where_it_may_apply(RewriteRule.try_rewrite)),
    ]
    with replaced(changes), traced_fast():
        yield


_from_torchlib = vars(Registry)["from_torchlib"].__func__


@functools.cache
def registry(opset_version: int = _registration._constants.TORCHLIB_OPSET) -> Registry:
    """Return torch's registry of how each operator is written in ONNX, made once in a process.

    The exporter makes it anew for each file, from the source text of five hundred functions.
    """
    with replaced([(TracedOnnxFunction, "function_ir", property(_where_it_is_of))]):
        whole: Registry = _from_torchlib(Registry, opset_version)
    return whole


def _where_it_is_of(self: TracedOnnxFunction) -> SimpleNamespace:
    """What is asked of a function's form, which else is parsed from its source text for it."""
    return SimpleNamespace(domain=self.opset.domain)


@functools.cache
def decomposition_table(registry: Registry) -> dict[Any, Any]:
    """Return how the operators are decomposed that the registry has not."""
    known = set(_decomp.get_onnx_implemented_overloads(registry))
    return _decomp.create_onnx_friendly_decomposition_table(known)


def decomposed(program: ExportedProgram, registry: Registry) -> ExportedProgram:
    """Write a program by the operators that the registry has, as the original does, which traces
    all of it anew: here where a node of its own is not enough."""
    table = decomposition_table(registry)
    return program if respell(program, table) else program.run_decompositions(table)


def promoted(self: Any, node: fx.Node) -> Any:
    """Insert the conversions that a node needs, as the original does, and return its value.

    The original then runs each node again to have the value: a quarter of a file's time. The node
    says it already, and one that was changed says its new one.
    """
    with self._set_current_node(node):
        rule = type_promotion.get_type_promotion_rule(node, self.type_promotion_table)
        if rule:
            self._maybe_promote_node(node, rule)
    if node.op != "output" and "val" in node.meta:
        return node.meta["val"]
    return fx.Interpreter.run_node(self, node)


def where_it_may_apply(original: Callable[..., Any]) -> Callable[..., Any]:
    """Let a rule of onnxscript's look at the operators alone that its pattern ends with. The
    original prepares a match for each of 46 rules at each node, before it looks."""

    def try_rewrite(self: RewriteRule, model: Any, graph: Any, node: Any, **options: Any) -> Any:
        if last_operator(self) not in (None, node.op_type):
            return None
        return original(self, model, graph, node, **options)

    return try_rewrite


@functools.cache
def last_operator(rule: RewriteRule) -> str | None:
    """Name the operator that a rule's pattern ends with; None where it may be several."""
    pattern = rule._target_pattern
    identifier = pattern.output_node.op_identifier() if pattern.has_single_output_node else None
    return None if identifier is None else str(identifier[1])
