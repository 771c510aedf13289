#!/bin/sh
# Fetches what the offline build needs and this machine lacks: fetch.sh DIR [onnx]
# From an older Debian release: dx and the android.jar of API 23, unpacked into DIR, not installed.
# With "onnx" from a newer Debian release: ONNX Runtime's C header, for the desktop adapter.
# From npm: ExecuTorch's classes and libraries for Android, and fbjni's libraries.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"

RELEASE=bullseye                          # the last Debian release with dalvik-exchange
HEADER_RELEASE=trixie                     # a header may be older than the library, never newer
EXECUTORCH=react-native-executorch@0.8.5  # newer ones carry classes that dx cannot read
FBJNI=react-native@0.70.15                # the last with libfbjni.so in an AAR inside the package

# debian RELEASE PACKAGE...: unpack packages of another release, with apt's own checks.
debian() {
    release=$1
    shift
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -v security | head -1)
    if [ -z "$mirror" ]; then
        echo "android-apk: apt knows no Debian mirror; run apt-get update first" >&2
        exit 2
    fi
    mkdir -p apt/lists/partial apt/cache/archives/partial
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" \
        > apt/sources.list
    other="-qq -o Dir::Etc::SourceList=$PWD/apt/sources.list -o Dir::Etc::SourceParts=-
        -o Dir::State::Lists=$PWD/apt/lists -o Dir::Cache=$PWD/apt/cache
        -o APT::Sandbox::User=root"
    apt-get $other update
    apt-get $other download "$@"
    for package in "$@"; do
        dpkg -x "${package}"_*.deb debian
        rm "${package}"_*.deb
    done
    rm -r apt
}

npm_package() {
    echo "android-apk: fetching $1" >&2
    npm pack --silent --pack-destination . "$1" > /dev/null
}

if [ ! -e debian/usr/lib/android-sdk/platforms/android-23/android.jar ] \
    || [ ! -e debian/usr/lib/android-sdk/build-tools/debian/lib/dx.jar ]; then
    debian "$RELEASE" dalvik-exchange libandroid-23-java
fi
if [ "${2-}" = onnx ] && [ ! -e debian/usr/include/onnxruntime/onnxruntime_c_api.h ]; then
    debian "$HEADER_RELEASE" libonnxruntime-dev
fi
if [ ! -e executorch/classes.jar ]; then
    npm_package "$EXECUTORCH"
    rm -rf executorch.part && mkdir executorch.part
    tar xzf react-native-executorch-*.tgz -C executorch.part --strip-components 1 \
        package/android/libs/classes.jar package/third-party/android/libs/executorch
    mv executorch.part/android/libs/classes.jar executorch.part/
    mv executorch.part/third-party/android/libs/executorch executorch.part/jni
    mv executorch.part executorch
    rm react-native-executorch-*.tgz
fi
if [ ! -e fbjni/jni ]; then
    npm_package "$FBJNI"
    rm -rf fbjni.part && mkdir fbjni.part
    tar xzf react-native-0*.tgz -C fbjni.part --strip-components 7 --wildcards \
        'package/android/com/facebook/react/react-native/*/react-native-*-release.aar'
    unzip -q fbjni.part/*.aar 'jni/arm64-v8a/libfbjni.so' 'jni/arm64-v8a/libc++_shared.so' \
        'jni/x86_64/libfbjni.so' 'jni/x86_64/libc++_shared.so' -d fbjni.part
    rm fbjni.part/*.aar
    mv fbjni.part fbjni
    rm react-native-0*.tgz
fi
sha256sum --quiet -c "$here/sha256sums"
