#!/usr/bin/env bash
# ExecuTorch, a program of a module with a buffer and a parameter that its forward never reads.
# Versions: executorch 1.4.1, torch 2.13.0.
# Expected: a `.pte` file has neither.
# Seen: the parameter is left out and the buffer is in the file, whole, so that a table that another
# method of the module reads adds its bytes to each program. torch.export lists both as inputs;
# to_edge takes out the inputs that are parameters alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check \
    executorch==1.4.1 torch==2.13.0 torchao==0.18.0
cat > "$work/unread.py" <<'PYTHON'
import torch
from executorch.exir import to_edge
from torch import nn

VALUES = 10_000


class Doubled(nn.Module):
    def __init__(self, buffer, parameter):
        super().__init__()
        self.register_buffer("buffer", torch.zeros(buffer), persistent=False)
        self.parameter = nn.Parameter(torch.zeros(parameter))

    def forward(self, x):
        return x + x


def size(buffer, parameter):
    program = torch.export.export(Doubled(buffer, parameter), (torch.ones(3),))
    return len(to_edge(program).to_executorch().buffer)


least = size(1, 1)
grown = {"buffer": size(VALUES, 1) - least, "parameter": size(1, VALUES) - least}
print({name: f"{more:,} bytes more for {4 * VALUES:,} unread" for name, more in grown.items()})
as_described = grown["buffer"] >= 4 * (VALUES - 1) - 64 and grown["parameter"] < 64
print("as described" if as_described else "changed")
raise SystemExit(not as_described)
PYTHON
"$python" "$work/unread.py" 2> "$work/log" || { tail -5 "$work/log"; exit 1; }
