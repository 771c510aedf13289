#!/bin/sh
# replay.sh DIR [ARTIFACT [TEXTS ANSWERS]]: run the APK's parts, unpacked in DIR by the Makefile.
# JAVA, ABI and SHIM choose another JVM than this machine's; CLASSES other classes than the APK's.
set -eu
dir=$(cd "$1" && pwd)
abi=${ABI:-x86_64}
shim=${SHIM:-$dir/bionic-$abi}
artifact=${2:-$(ls "$dir"/apk/assets/*.pte | head -1)}
shift
[ $# -eq 0 ] || shift
LD_LIBRARY_PATH=$dir/apk/lib/$abi:$shim exec ${JAVA:-java} -Xmx256m -Xshare:auto \
    -Djava.library.path="$dir/apk/lib/$abi" \
    -Dedgetext.first="$shim/libdeepbind.so" -cp "${CLASSES:-$dir/apk.jar:$dir/desktop}" \
    io.edgetext.desktop.ReplayArtifact "$artifact" "$@"
