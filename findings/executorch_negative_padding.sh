#!/usr/bin/env bash
# ExecuTorch's portable kernels and torch.nn.functional.pad with a negative amount.
# Versions: executorch 1.4.1, torch 2.13.0.
# Expected: what torch.export, to_edge and to_executorch take without a word, runs as in PyTorch,
# where a pad of (-1, 1) drops the first element and adds one at the end.
# Seen: the program is written, and the method fails with error 0x12 when it runs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 executorch==1.4.1
cat > "$work/try.py" <<'PYTHON'
import torch
from executorch.exir import to_edge
from executorch.runtime import Runtime


class Shift(torch.nn.Module):
    def forward(self, x):
        return torch.nn.functional.pad(x, (-1, 1), value=0)


x = torch.arange(1, 5)
program = to_edge(torch.export.export(Shift(), (x,))).to_executorch()
print("PyTorch", Shift()(x).tolist())
method = Runtime.get().load_program(program.buffer).load_method("forward")
try:
    print("ExecuTorch", method.execute([x])[0].tolist())
except RuntimeError as error:
    print("ExecuTorch", "0x12" in str(error))
PYTHON
seen=$("$python" "$work/try.py" 2>/dev/null)
printf '%s\n' "$seen"
[ "$seen" = "PyTorch [2, 3, 4, 0]
ExecuTorch True" ] && echo "as described"
