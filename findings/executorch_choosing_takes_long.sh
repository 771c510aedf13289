#!/usr/bin/env bash
# ExecuTorch's own kernels: what choosing between integers costs, and making integers of booleans.
# Versions: executorch 1.4.1, torch 2.13.0.
# Expected: a comparison of 512 int64 and torch.where by it take about as long as two sums, and so do
# a comparison and the conversion of its result.
# Seen: either takes some ten times as long as one addition (the second with an addition more; x86_64;
# the ratios are printed, and must be three at least).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 executorch==1.4.1
cat > "$work/try.py" <<'PYTHON'
import time

import torch
from executorch.exir import EdgeCompileConfig, to_edge
from executorch.runtime import Runtime

LONG, MANY = 512, 16


class Repeated(torch.nn.Module):
    def __init__(self, change):
        super().__init__()
        self.change = change

    def forward(self, x, y):
        for _ in range(MANY):
            x = self.change(x, y)
        return x


def added(x, y):
    return x + y


def chosen(x, y):
    return torch.where(x < y, x, y)


def converted(x, y):
    return x + (x < y).long()


def microseconds(change):
    x = torch.arange(LONG), torch.arange(LONG).flip(0).contiguous()
    exported = torch.export.export(Repeated(change), x)
    config = EdgeCompileConfig(_check_ir_validity=False)
    program = to_edge(exported, compile_config=config).to_executorch()
    method = Runtime.get().load_program(program.buffer).load_method("forward")
    assert torch.equal(method.execute(list(x))[0], Repeated(change)(*x))
    least = float("inf")
    for _ in range(300):
        start = time.perf_counter_ns()
        method.execute(list(x))
        least = min(least, time.perf_counter_ns() - start)
    return least / 1000 / MANY


addition = microseconds(added)
print(f"an addition: {addition:.2f} us")
for change in (chosen, converted):
    ratio = microseconds(change) / addition
    print(f"{change.__name__}: {ratio:.1f} additions, {ratio > 3}")
PYTHON
seen=$("$python" "$work/try.py" 2>/dev/null)
printf '%s\n' "$seen"
[ "$(grep -c 'additions, True' <<< "$seen")" = 2 ] && echo "as described"
