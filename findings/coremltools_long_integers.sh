#!/usr/bin/env bash
# coremltools, a module that multiplies int64 by 2^33 + 5, one that masks int64, one that chooses
# between a tensor and a number, and one that takes uint8.
# Versions: coremltools 9.0, torch 2.13.0.
# Expected: the products of the module, or a refusal.
# Seen: the first converts, without a word, to a multiplication of int32 by 2147483647, the nearest
# number that int32 has. `&` with a number and torch.where with a number have no translation, and uint8
# is no type of an input; torch.where with a tensor converts.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check coremltools==9.0 torch==2.13.0
cat > "$work/long.py" <<'PYTHON'
import coremltools as ct
import torch
from torch import nn
from torch.export import Dim

FACTOR = 2**33 + 5


class Long(nn.Module):
    def forward(self, x):
        return x.long() * FACTOR


class Masked(nn.Module):
    def forward(self, x):
        return x.long() & 255


class ChosenNumber(nn.Module):
    def forward(self, x):
        return torch.where(x > 3, x, 7)


class ChosenTensor(nn.Module):
    def forward(self, x):
        return torch.where(x > 3, x, torch.full((1,), 7, dtype=x.dtype))


def constants(module, dtype):
    """Give the numbers in the converted program, or how it was refused."""
    x = torch.arange(1, 5, dtype=dtype)[None]
    shapes = ({1: Dim("n", min=2, max=512)},)
    program = torch.export.export(module, (x,), dynamic_shapes=shapes).run_decompositions({})
    try:
        model = ct.convert(
            program, minimum_deployment_target=ct.target.iOS18, skip_model_load=True
        )
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    operations = model._mil_program.functions["main"].operations
    values = [op.outputs[0].val for op in operations if op.op_type == "const"]
    return [value.item() for value in values if getattr(value, "size", 0) == 1]


seen = {
    "int64 by 2^33 + 5": constants(Long(), torch.int32),
    "int64 and 255": constants(Masked(), torch.int32),
    "a tensor or a number": constants(ChosenNumber(), torch.int32),
    "a tensor or a tensor": constants(ChosenTensor(), torch.int32),
    "uint8": constants(ChosenTensor(), torch.uint8),
}
for name, what in seen.items():
    print(f"{name}: {what}")
as_described = (
    2**31 - 1 in seen["int64 by 2^33 + 5"]
    and "__and__" in seen["int64 and 255"]
    and "where.scalarother" in seen["a tensor or a number"]
    and isinstance(seen["a tensor or a tensor"], list)
    and "uint8" in seen["uint8"]
)
print("as described" if as_described else "changed")
raise SystemExit(not as_described)
PYTHON
"$python" -W ignore "$work/long.py" 2> "$work/log" || { tail -5 "$work/log"; exit 1; }
