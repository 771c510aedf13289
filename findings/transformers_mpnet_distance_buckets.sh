#!/usr/bin/env bash
# MPNet in transformers, `relative_attention_num_buckets` of its config.json.
# Versions: transformers 5.24.0, torch 2.13.0.
# Expected: distances between pieces are counted in as many buckets as the config says.
# Seen: they are counted in 32 whatever it says. Of 64 the upper half of the table is never read, and
# with 16 a text of two pieces is an IndexError.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check torch==2.13.0 transformers==5.24.0
cat > "$work/buckets.py" <<'PYTHON'
import torch
from transformers import MPNetConfig, MPNetModel


def model(buckets):
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = MPNetConfig(
        vocab_size=50, intermediate_size=32, relative_attention_num_buckets=buckets, **sizes
    )
    return MPNetModel(config).eval()


@torch.no_grad()
def moved(buckets, rows):
    """How far answers to 300 pieces move where these rows of the table do."""
    network, pieces = model(buckets), torch.arange(300)[None] % 40 + 5
    before = network(pieces).last_hidden_state
    network.encoder.relative_attention_bias.weight[rows] += 5 * torch.randn(rows.stop - rows.start, 2)
    return float((network(pieces).last_hidden_state - before).abs().max())


lower, upper = moved(64, slice(0, 32)), moved(64, slice(32, 64))
print(f"of 64 rows, the first 32 move answers: {lower > 0.001}, the others: {upper > 0}")
try:
    model(16)(torch.tensor([[5, 6]]))
    few = "answers"
except IndexError as error:
    few = str(error)
print(f"16 rows: {few}")
as_described = lower > 0.001 and upper == 0 and few == "index out of range in self"
print("as described" if as_described else "changed")
raise SystemExit(not as_described)
PYTHON
"$python" "$work/buckets.py"
