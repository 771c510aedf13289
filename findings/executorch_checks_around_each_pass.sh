#!/usr/bin/env bash
# ExecuTorch, XNNPACK: lowering a network of which the delegate takes several parts.
# Versions: executorch 1.4.1, torch 2.13.0.
# Expected: each part is checked once or twice.
# Seen: each of the delegate's 17 passes over a part is run by a manager of its own, which looks
# through the whole program of that part before and behind it, whether the pass changed it or not:
# 34 times and more, 148 times for four Linear layers with a running sum between them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check \
    executorch==1.4.1 torch==2.13.0 torchao==0.18.0
cat > "$work/checks.py" <<'PYTHON'
import torch
from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
from executorch.backends.xnnpack.xnnpack_preprocess import XnnpackBackend
from executorch.exir import EdgeCompileConfig, pass_manager, to_edge_transform_and_lower
from torch import nn

PARTS = 4
within, checks, parts = [], [], []
check = pass_manager.ExportedProgramPassManager.check
preprocess = XnnpackBackend.preprocess


def counted(self, program):
    if within:
        checks.append(program)
    return check(self, program)


def noted(*given):
    within.append(True)
    parts.append(given)
    try:
        return preprocess(*given)
    finally:
        within.pop()


pass_manager.ExportedProgramPassManager.check = counted
XnnpackBackend.preprocess = staticmethod(noted)


class Sums(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(PARTS))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cumsum(layer(x), dim=0)
        return x


program = torch.export.export(Sums().eval(), (torch.ones(5, 8),))
to_edge_transform_and_lower(
    program,
    partitioner=[XnnpackPartitioner()],
    compile_config=EdgeCompileConfig(_check_ir_validity=False),
)
print(f"{len(checks)} checks of {len(parts)} parts")
as_described = len(parts) == PARTS and len(checks) >= 34 * PARTS
print("as described" if as_described else "changed")
raise SystemExit(not as_described)
PYTHON
"$python" "$work/checks.py" 2> "$work/log" || { tail -5 "$work/log"; exit 1; }
