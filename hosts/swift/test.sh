#!/bin/sh
# Builds the package and runs its tests on Linux: test.sh [OPTIONS OF swift test]
# ORT_INCLUDE: the folder with onnxruntime_c_api.h. ORT_LIBRARY: libonnxruntime.so, as in hosts/c.
# SCRATCH: where to build; .build by default.
set -eu
cd "$(dirname "$0")"
: "${ORT_INCLUDE:=/usr/include/onnxruntime}"
: "${ORT_LIBRARY:?set ORT_LIBRARY to libonnxruntime.so}"
scratch=$(realpath -m "${SCRATCH:-.build}")
mkdir -p "$scratch/runtime"
# The library under the name that the linker looks for, and the one that the program does.
for name in libonnxruntime.so libonnxruntime.so.1; do
    ln -sf "$ORT_LIBRARY" "$scratch/runtime/$name"
done
cat > "$scratch/runtime/libonnxruntime.pc" <<END
Name: libonnxruntime
Description: ONNX Runtime
Version: 0
Cflags: -I$ORT_INCLUDE
Libs: -L$scratch/runtime -lonnxruntime
END
export PKG_CONFIG_PATH="$scratch/runtime" LD_LIBRARY_PATH="$scratch/runtime"
swift test --scratch-path "$scratch" "$@"
