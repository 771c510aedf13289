"""The rewrites of an ONNX graph that are right, and worth it, in every engine.

They are those of ONNX Runtime that make no operators of its own, and some that other engines need:
see targets.onnx.passes.
"""

from __future__ import annotations

from edgetext.targets.onnx.passes import Pass
from edgetext.targets.onnx.passes.add_within_products import add_within_products
from edgetext.targets.onnx.passes.bound_loops import bound_loops
from edgetext.targets.onnx.passes.count_without_shapes import count_without_shapes
from edgetext.targets.onnx.passes.divide_integers import divide_integers
from edgetext.targets.onnx.passes.drop_needless_reshapes import drop_needless_reshapes
from edgetext.targets.onnx.passes.drop_notes import drop_notes
from edgetext.targets.onnx.passes.drop_transposed_indices import drop_transposed_indices
from edgetext.targets.onnx.passes.make_columns import make_columns
from edgetext.targets.onnx.passes.make_rows import make_rows
from edgetext.targets.onnx.passes.shorten_names import shorten_names
from edgetext.targets.onnx.passes.stack_by_turning import stack_by_turning
from edgetext.targets.portable.passes.gather_vectors import gather_vectors

PASSES: tuple[Pass, ...] = (
    divide_integers,
    drop_transposed_indices,
    drop_needless_reshapes,
    count_without_shapes,
    stack_by_turning,
    make_rows,
    make_columns,
    add_within_products,
    gather_vectors,
    # From here on no graph says its shapes.
    drop_notes,
    bound_loops,
    shorten_names,
)
