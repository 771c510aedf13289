#!/usr/bin/env bash
# tokenizers and the scores of a Unigram model's tokenizer.json.
# Versions: tokenizers 0.23.3.
# Expected: a number of 17 digits is read as the double that it is nearest to, as Python reads it.
# Seen: some scores are read one bit off. Sums of them decide which of two likely cuts of a word
# wins, so that other pieces are right than the digits in the file say.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check tokenizers==0.23.3
cat > "$work/try.py" <<'PYTHON'
import json

from tokenizers import Tokenizer

for score in (-1.9721247125621142, -6.646173743117286):
    model = {"type": "Unigram", "unk_id": 0, "vocab": [["a", score]], "byte_fallback": False}
    tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", "model": model}))
    print(score, json.loads(tokenizer.to_str())["model"]["vocab"][0][1])
PYTHON
seen=$("$python" "$work/try.py")
printf '%s\n' "$seen"
[ "$seen" = "-1.9721247125621142 -1.9721247125621144
-6.646173743117286 -6.646173743117286" ] && echo "as described"
