"""What is changed in torch while a graph is traced and rewritten, so that it takes less time.

All of it is of the release that pyproject.toml pins; a newer one is to be looked through again.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from torch.fx import GraphModule, config, traceback
from torch.fx.experimental import proxy_tensor
from torch.fx.graph import _PyTreeCodeGen

from edgetext.core.collecting import collected_seldom
from edgetext.targets.patching import replaced

_recompile = GraphModule.recompile


@contextlib.contextmanager
def traced_fast() -> Iterator[None]:
    """Write a graph's source text only where it is read or run, let nodes share the history of
    those that they came from, note neither where in a program each comes from nor twice what its
    result is like, and look for garbage seldom, while the block runs."""
    changes: list[tuple[Any, str, Any]] = [
        (GraphModule, "recompile", _mark_stale),
        (GraphModule, "code", property(_code)),
        (GraphModule, "__str__", _in_short),
        (traceback, "copy", SimpleNamespace(copy=copy.copy, deepcopy=_shared)),
        (config, "do_not_emit_stack_traces", True),
        (proxy_tensor, "_extract_tensor_metadata", _nothing),
    ]
    with replaced(changes), collected_seldom():
        yield


def _mark_stale(self: GraphModule) -> None:
    """Take a changed graph over without its source text, which is written and compiled, a fifth of
    a file's time, for each of hundreds of graphs of which a handful are ever called."""
    if isinstance(self._graph._codegen, _PyTreeCodeGen):
        self._in_spec = self._graph._codegen.pytree_info.in_spec
        self._out_spec = self._graph._codegen.pytree_info.out_spec
    type(self).forward = _forward
    self._recompile_submodules()
    self.__dict__.pop("_code", None)


def _forward(self: GraphModule, *args: Any, **kwargs: Any) -> Any:
    """Compile a graph when it is called. By `__call__` again, which compiling may change."""
    _recompile(self)
    return self(*args, **kwargs)


def _code(self: GraphModule) -> str:
    if "_code" not in self.__dict__:
        _recompile(self)
    return self._code


def _in_short(self: GraphModule) -> str:
    """Name a graph, of which ExecuTorch else writes a text for its log at each part of it that it
    gives away, whether there is a log or not."""
    return self._get_name()


def _nothing(value: Any) -> None:
    """What a node says of its result beside the result without numbers, for older readers."""


def _shared(history: Any) -> Any:
    """Give a node's history itself in the place of a copy: it is never changed, and has one entry
    more with each pass."""
    return history
