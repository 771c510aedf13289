#!/usr/bin/env bash
# ExecuTorch's wheels for Linux, and a C++ program that is built against one.
# Versions: executorch 1.4.1 and 1.5.1, without what they depend on; needs g++.
# Expected: to run a program without PyTorch, ExecuTorch is built from source.
# Seen: the wheel of 1.5.1 has the runtime, the kernels and XNNPACK as shared libraries in lib/, with
# headers, and none of them needs PyTorch's: a program of a few lines links with them, and finds the
# backend and the operators. What Python imports does need PyTorch. The wheel of 1.4.1 has headers, and
# no such library.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
for release in 1.4.1 1.5.1; do
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --target "$work/$release" "executorch==$release" 2> "$work/log" || { cat "$work/log"; exit 1; }
    echo "$release: $(find "$work/$release/executorch/lib" -name 'lib*.so' 2> /dev/null | wc -l) libraries in lib/"
done
package="$work/1.5.1/executorch"
cat > "$work/host.cpp" <<'CPP'
#include <executorch/runtime/backend/interface.h>
#include <executorch/runtime/kernel/operator_registry.h>
#include <cstdio>
int main() {
  using namespace executorch::runtime;
  bool xnnpack = get_backend_class("XnnpackBackend") != nullptr;
  auto kernels = get_registered_kernels();
  std::printf("XNNPACK: %s, more than 100 kernels: %s\n", xnnpack ? "yes" : "no",
              kernels.size() > 100 ? "yes" : "no");
}
CPP
g++ -std=c++17 -w -DC10_USING_CUSTOM_GENERATED_MACROS -DET_EVENT_TRACER_ENABLED -DET_USE_THREADPOOL \
    -I"$package/include" -I"$package/include/executorch/runtime/core/portable_type/c10" \
    "$work/host.cpp" -o "$work/host" -L"$package/lib" -Wl,-rpath,"$package/lib" -Wl,--no-as-needed \
    -lexecutorch -lexecutorch_kernels_optimized -lexecutorch_backend_xnnpack -lexecutorch_threadpool
"$work/host" 2> /dev/null | tee "$work/seen"
needs() { ldd "$@" 2> /dev/null | grep -c 'libtorch\|libc10' || true; }
host=$(needs "$work/host")
bindings=$(needs "$package"/extension/pybindings/_C.*.so)
echo "PyTorch's libraries behind the program: $host; behind the Python bindings: $bindings"
if [ -e "$work/1.4.1/executorch/lib" ] || [ "$host" != 0 ] || [ "$bindings" = 0 ] \
    || [ "$(cat "$work/seen")" != "XNNPACK: yes, more than 100 kernels: yes" ]; then
    echo changed
    exit 1
fi
echo "as described"
