"""The rewrites of an ONNX graph that ONNX Runtime runs faster, stores smaller, or runs at all.

At batch 1 an operator costs about as much as the work in it, so that each one that goes is time
saved. Each module is one pass, a function of its own name that changes a graph in place and no
answer; its docstring says what it turns into what, and what that gains. A new pass is a new module
and a line of PASSES.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import onnx

from edgetext.targets.onnx.passes.add_within_products import add_within_products
from edgetext.targets.onnx.passes.bound_loops import bound_loops
from edgetext.targets.onnx.passes.compare_integers import compare_integers
from edgetext.targets.onnx.passes.count_without_shapes import count_without_shapes
from edgetext.targets.onnx.passes.divide_integers import divide_integers
from edgetext.targets.onnx.passes.drop_defaults import drop_defaults
from edgetext.targets.onnx.passes.drop_needless_reshapes import drop_needless_reshapes
from edgetext.targets.onnx.passes.drop_notes import drop_notes
from edgetext.targets.onnx.passes.drop_transposed_indices import drop_transposed_indices
from edgetext.targets.onnx.passes.drop_undone_squeezes import drop_undone_squeezes
from edgetext.targets.onnx.passes.drop_unused import drop_unused
from edgetext.targets.onnx.passes.fill_hash_tables import fill_hash_tables
from edgetext.targets.onnx.passes.gather_within import gather_within
from edgetext.targets.onnx.passes.keep_integers import keep_integers
from edgetext.targets.onnx.passes.make_columns import make_columns
from edgetext.targets.onnx.passes.make_rows import make_rows
from edgetext.targets.onnx.passes.optimize import optimize
from edgetext.targets.onnx.passes.order_tags import order_tags
from edgetext.targets.onnx.passes.pack_hash_tables import pack_hash_tables
from edgetext.targets.onnx.passes.shift_by_padding import shift_by_padding
from edgetext.targets.onnx.passes.shorten_names import shorten_names
from edgetext.targets.onnx.passes.stack_by_turning import stack_by_turning

Pass = Callable[[onnx.ModelProto], None]
# In the order in which they are applied to what torch's exporter gives.
PASSES: tuple[Pass, ...] = (
    fill_hash_tables,
    drop_transposed_indices,
    divide_integers,
    drop_needless_reshapes,
    drop_undone_squeezes,
    gather_within,
    count_without_shapes,
    shift_by_padding,
    stack_by_turning,
    make_rows,
    make_columns,
    add_within_products,
    order_tags,
    # From here on no graph says its shapes.
    drop_notes,
    bound_loops,
    compare_integers,
    keep_integers,
    optimize,
    drop_notes,
    drop_defaults,
    pack_hash_tables,
    shorten_names,
)


def rewrite(model: onnx.ModelProto, passes: Sequence[Pass] = PASSES) -> None:
    """Apply the passes, one after another, in place; what nothing reads any more goes after each.

    model: as the exporter gives it, with its shapes.
    """
    for apply in passes:
        apply(model)
        drop_unused(model)
