#!/usr/bin/env bash
# ExecuTorch and a program whose output is a reshaped nonzero.
# Versions: executorch 1.4.1, torch 2.13.0.
# Expected: what torch.export, to_edge and to_executorch take without a word, runs as in PyTorch.
# Seen: the program is written, and the method fails with error 0x12 (the kernel of the view finds
# other dimension orders in its input and output) when it runs; with an operator behind the view,
# here a clamp that changes nothing, it runs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 executorch==1.4.1
cat > "$work/try.py" <<'PYTHON'
import torch
from executorch.exir import EdgeCompileConfig, to_edge
from executorch.runtime import Runtime


class Places(torch.nn.Module):
    def forward(self, x):
        return x.nonzero().reshape(-1)


class Clamped(Places):
    def forward(self, x):
        return super().forward(x).clamp(min=0)


x = torch.tensor([0, 3, 0, 4])
for kind in (Places, Clamped):
    shapes = ({0: torch.export.Dim("n", min=1, max=8)},)
    exported = torch.export.export(kind(), (x,), dynamic_shapes=shapes)
    config = EdgeCompileConfig(_check_ir_validity=False)
    program = to_edge(exported, compile_config=config).to_executorch()
    method = Runtime.get().load_program(program.buffer).load_method("forward")
    try:
        print(kind.__name__, method.execute([x])[0].tolist())
    except RuntimeError as error:
        print(kind.__name__, "0x12" in str(error))
PYTHON
seen=$("$python" "$work/try.py" 2>/dev/null)
printf '%s\n' "$seen"
[ "$seen" = "Places True
Clamped [1, 3]" ] && echo "as described"
