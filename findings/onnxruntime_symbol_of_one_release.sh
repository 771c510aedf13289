#!/usr/bin/env bash
# ONNX Runtime's C library in its Python package, Linux: a program that calls OrtGetApiBase, linked
# to the library of one release and run with that of another.
# Versions: onnxruntime 1.31.1 and 1.32.0; gcc.
# Expected: the API is a table of functions, asked for by its version and only added to, so a program
# that asks for an old version runs with every later release of the library.
# Seen: the one symbol that is linked carries the release ("VERS_1.31.1"), so the program starts with
# the very release that it was linked to and no other, older or newer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
for version in 1.31.1 1.32.0; do
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --target "$work/$version" "onnxruntime==$version"
    mkdir "$work/lib-$version"
    ln -s "$work/$version/onnxruntime/capi/libonnxruntime.so.$version" \
        "$work/lib-$version/libonnxruntime.so.1"
done
cat > "$work/program.c" <<'C'
const void *OrtGetApiBase(void);
int main(void) { return OrtGetApiBase() ? 0 : 1; }
C
status=0
for linked in 1.31.1 1.32.0; do
    gcc -o "$work/program" "$work/program.c" "$work/lib-$linked/libonnxruntime.so.1"
    for there in 1.31.1 1.32.0; do
        if LD_LIBRARY_PATH="$work/lib-$there" "$work/program" 2> "$work/error"; then
            seen=runs
        else
            seen=$(grep -o "version .VERS_[0-9.]*. not found" "$work/error")
        fi
        expected="version \`VERS_$linked' not found"
        [ "$linked" = "$there" ] && expected=runs
        echo "linked to $linked, with $there: $seen"
        [ "$seen" = "$expected" ] || status=1
    done
done
[ "$status" = 0 ] && echo "as described"
exit "$status"
