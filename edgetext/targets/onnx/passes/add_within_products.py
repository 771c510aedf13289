"""Sums that a product takes as its own last input, so that no operator of their own adds them.

Add(Gemm(a, b), c) -> Gemm(a, b, c); Add(product, hint) -> the product with `hint` as its bias, and
the bias that it had goes into what makes `hint`.

Such are what a text as a whole hints at, `hint` float[1, N], and a layer's outputs at each of its
pieces, float[1, T, N]. One pass over [1, T, N] less.
"""

from __future__ import annotations

import onnx
from onnx import NodeProto

from edgetext.targets.onnx.view import View

PRODUCT = "DynamicQuantizeMatMul"
BIAS = 4


def add_within_products(model: onnx.ModelProto) -> None:
    """Let products add, in place. Only the order of the terms changes.

    The graph must still say what shapes it expects. ONNX Runtime reads N floats of a product's
    bias, whatever its rank.
    """
    sums = _Sums(model.graph, View(model))
    for node in list(model.graph.node):
        if node.op_type == "Add" and not sums.within_gemm(node):
            sums.within_product(node)


class _Sums:
    def __init__(self, graph: onnx.GraphProto, view: View) -> None:
        self.graph = graph
        self.view = view

    def within_gemm(self, node: NodeProto) -> bool:
        for name, other in (node.input, reversed(node.input)):
            product = self.view.sole(name, "Gemm")
            shape = self.view.shape(name)
            if product and len(product.input) == 2 and shape and self.view.shape(other) == shape:
                self._take(node, product, [*product.input, other])
                return True
        return False

    def within_product(self, node: NodeProto) -> None:
        for name, other in (node.input, reversed(node.input)):
            product, spread = self.view.sole(name, PRODUCT), self.view.sole(other, "Unsqueeze")
            if not product or not spread or len(product.input) <= BIAS:
                continue
            hint, shape = spread.input[0], self.view.shape(name) or []
            if len(shape) != 3 or self.view.shape(hint) != [1, shape[-1]]:
                continue
            if self._give(hint, product.input[BIAS]):
                self.graph.node.remove(spread)
                self._take(node, product, [*product.input[:BIAS], hint])
                return

    def _give(self, hint: str, bias: str) -> bool:
        """Let what makes `hint` add the bias; False where nothing in it has room for one."""
        maker = self.view.sole(hint, "Gemm")
        if maker and len(maker.input) == 3:
            maker = self.view.sole(maker.input[2], PRODUCT)
        if not maker or len(maker.input) > (BIAS if maker.op_type == PRODUCT else 2):
            return False
        maker.input.append(bias)
        return True

    def _take(self, add: NodeProto, product: NodeProto, inputs: list[str]) -> None:
        """Put the product, with these inputs, where the sum was: all that it reads comes before."""
        summing = NodeProto()
        summing.CopyFrom(product)
        del summing.input[:], summing.output[:]
        summing.input.extend(inputs)
        summing.output.extend(add.output)
        self.graph.node.remove(product)
        add.CopyFrom(summing)
        self.view.make(add)
