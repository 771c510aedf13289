#!/usr/bin/env bash
# onnxruntime-web's builds and the operators of ai.onnx.ml.
# Versions: onnxruntime-web 1.24.3 and 1.30.0 from npm; Node 20.
# Expected: the entries of one release (ort.wasm, ort.webgpu) hold the same CPU operators, since a
# graph whose nodes WebGPU does not take falls back to them.
# Seen: a graph of one LabelEncoder runs in the build that the wasm entry loads, in both releases. The
# build that the entry onnxruntime-web/webgpu loads (asyncify) holds the kernels of ai.onnx.ml in
# 1.24.3 and no more in 1.30.0: a session there fails with "No Op registered for LabelEncoder with
# domain_version of 4" in a browser. Counted here are the names in the WebAssembly files.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "CAk6lgEKbQoBeBIBeSIMTGFiZWxFbmNvZGVyKh0KDWRlZmF1bHRfaW50NjQY////////////AaABAioUCgtrZXlzX2ludDY0c0ABQAKgAQcqFgoNdmFsdWVzX2ludDY0c0AKQBSgAQc6CmFpLm9ubngubWwSAWdaEAoBeBILCgkIBxIFCgMSAW5iEAoBeRILCgkIBxIFCgMSAW5CBAoAEBRCDgoKYWkub25ueC5tbBAE" | base64 -d > "$work/encoder.onnx"
cat > "$work/run.mjs" <<'SCRIPT'
import { readFileSync } from "node:fs";
const ort = await import(process.argv[2]);
const session = await ort.InferenceSession.create(readFileSync(process.argv[3]));
const given = new ort.Tensor("int64", BigInt64Array.from([1n, 2n, 3n]), [3]);
const { y } = await session.run({ x: given });
console.log([...y.data].join(" "));
SCRIPT
seen=""
for release in 1.24.3 1.30.0; do
    npm install --silent --ignore-scripts --no-save --prefix "$work/$release" \
        "onnxruntime-web@$release" > /dev/null
    dist="$work/$release/node_modules/onnxruntime-web/dist"
    answer=$(node "$work/run.mjs" "$dist/ort.node.min.mjs" "$work/encoder.onnx")
    seen+="$release wasm answers $answer"$'\n'
    for build in threaded threaded.asyncify; do
        count=$(grep -ao TreeEnsemble "$dist/ort-wasm-simd-$build.wasm" | wc -l || true)
        seen+="$release $build holds ai.onnx.ml: $([ "$count" -gt 0 ] && echo yes || echo no)"$'\n'
    done
done
printf '%s' "$seen"
[ "$seen" = "1.24.3 wasm answers 10 20 -1
1.24.3 threaded holds ai.onnx.ml: yes
1.24.3 threaded.asyncify holds ai.onnx.ml: yes
1.30.0 wasm answers 10 20 -1
1.30.0 threaded holds ai.onnx.ml: yes
1.30.0 threaded.asyncify holds ai.onnx.ml: no
" ] && echo "as described"
