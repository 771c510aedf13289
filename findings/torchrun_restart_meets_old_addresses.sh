#!/usr/bin/env bash
# torchrun, --max-restarts and gloo.
# Versions: torch 2.13.0, numpy 2.4.*.
# Expected: when a process ends, torchrun stops the others and starts all again, and these meet each
# other as the first ones did.
# Seen: with a rendezvous of torchrun's own (--standalone, or --master-port) the processes that were
# started again read the addresses that the ones before them left in the same store, and gloo fails
# with "connection refused"; all restarts are used up, and no reduction is ever done. Where each start
# puts a prefix of its own (TORCHELASTIC_RESTART_COUNT) before its keys, the second start works.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    "torch==2.13.0" "numpy==2.4.*" 2> "$work/log" || { cat "$work/log"; exit 1; }
cat > "$work/reduce.py" <<'PY'
import os
import sys

import torch
from torch import distributed

start = os.environ["TORCHELASTIC_RESTART_COUNT"]
if sys.argv[1] == "plain":
    distributed.init_process_group("gloo")
else:
    count = int(os.environ["WORLD_SIZE"])
    address = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    store = distributed.PrefixStore(start, distributed.TCPStore(*address, count, False))
    rank = int(os.environ["RANK"])
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=count)
total = torch.ones(1)
distributed.all_reduce(total)
if start == "0" and distributed.get_rank() == 0:
    sys.exit(1)
distributed.all_reduce(total)
print("reduced in start", start, flush=True)
PY
port=29731
for way in plain prefixed; do
    port=$((port + 1))
    OMP_NUM_THREADS=1 timeout 120 "$work/venv/bin/python" -m torch.distributed.run \
        --nproc-per-node 2 --max-restarts 1 --master-port "$port" "$work/reduce.py" "$way" \
        > "$work/$way" 2>&1 || true
    refused=$(grep -c "connectFullMesh failed" "$work/$way" || true)
    echo "$way: $(grep -c '^reduced in start 1' "$work/$way" || true) of 2 went on," \
        "$([ "$refused" = 0 ] && echo "no connection refused" || echo "connections refused")"
done | tee "$work/seen"
if [ "$(cat "$work/seen")" != "plain: 0 of 2 went on, connections refused
prefixed: 2 of 2 went on, no connection refused" ]; then
    echo changed
    exit 1
fi
echo "as described"
