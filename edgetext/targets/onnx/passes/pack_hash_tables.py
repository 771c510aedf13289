"""A LabelEncoder's lists of integers -> tensors.

Keys of 64 bits take 8 bytes each and not 11, small values 2 or 3: a quarter of a vocabulary's
table.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def pack_hash_tables(model: onnx.ModelProto) -> None:
    """Store the integers of each LabelEncoder as tensors, in place."""
    for node in model.graph.node:
        if node.op_type != "LabelEncoder":
            continue
        lists = {attribute.name: attribute for attribute in node.attribute}
        keys, values = list(lists["keys_int64s"].ints), list(lists["values_int64s"].ints)
        tensors = {
            "keys_tensor": numpy_helper.from_array(np.array(keys), "keys"),
            "values_tensor": helper.make_tensor("values", TensorProto.INT64, [len(keys)], values),
        }
        kept = [lists["default_int64"]]
        del node.attribute[:]
        node.attribute.extend([helper.make_attribute(*pair) for pair in tensors.items()])
        node.attribute.extend(kept)
