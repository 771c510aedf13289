#!/usr/bin/env bash
# PyTorch on a CPU, torch.autocast in bfloat16 around an LSTM, on a processor without AVX-512.
# Versions: torch 2.13.0 (with oneDNN), on x86_64.
# Expected: an LSTM runs in mixed precision wherever a linear layer does, at worst more slowly.
# Seen: RuntimeError, "could not create a primitive descriptor for the LSTM forward propagation
# primitive", for a padded batch; the same layer runs on a packed one, in float32, a GRU runs, and
# so does an LSTM that is bfloat16 itself. oneDNN is held to AVX2 here (ONEDNN_MAX_CPU_ISA), so that
# any processor shows it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
cat > "$work/lstm.py" <<'PYTHON'
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.randn(2, 3, 8)
packed = pack_padded_sequence(x, torch.tensor([3, 2]), batch_first=True)
lstm, gru, linear = nn.LSTM(8, 8, batch_first=True), nn.GRU(8, 8, batch_first=True), nn.Linear(8, 8)
rounded = nn.LSTM(8, 8, batch_first=True).bfloat16()


def mixed(run):
    """The type of what a layer gives in mixed precision, or the beginning of its error."""
    with torch.autocast("cpu", torch.bfloat16):
        try:
            return str(run().dtype)
        except RuntimeError as error:
            return str(error)[:41]


seen = {
    "Linear": mixed(lambda: linear(x)),
    "GRU": mixed(lambda: gru(x)[0]),
    "LSTM, packed": mixed(lambda: lstm(packed)[0].data),
    "LSTM, padded": mixed(lambda: lstm(x)[0]),
    "LSTM in bfloat16": str(rounded(x.bfloat16())[0].dtype),
}
for layer, given in seen.items():
    print(f"{layer}: {given}")
as_described = seen == {
    "Linear": "torch.bfloat16",
    "GRU": "torch.float32",
    "LSTM, packed": "torch.float32",
    "LSTM, padded": "could not create a primitive descriptor f",
    "LSTM in bfloat16": "torch.bfloat16",
}
print("as described" if as_described else "changed")
raise SystemExit(not as_described)
PYTHON
ONEDNN_MAX_CPU_ISA=AVX2 "$python" "$work/lstm.py"
