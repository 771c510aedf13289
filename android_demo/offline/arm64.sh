#!/bin/sh
# arm64.sh DIR: an arm64 root in DIR with the little that a JVM needs, unpacked, not installed,
# and DIR/java, which runs that JVM under qemu.
set -eu
mkdir -p "$1"
cd "$1"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -1)
. /etc/os-release
mkdir -p apt/lists/partial apt/cache/archives/partial
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $VERSION_CODENAME main" \
    > apt/sources.list
: > apt/status
arm="-qq -o APT::Architecture=arm64 -o APT::Architectures=arm64
    -o Dir::Etc::SourceList=$PWD/apt/sources.list -o Dir::Etc::SourceParts=-
    -o Dir::State::Lists=$PWD/apt/lists -o Dir::State::status=$PWD/apt/status
    -o Dir::Cache=$PWD/apt/cache -o APT::Sandbox::User=root"
apt-get $arm update
apt-get $arm download openjdk-17-jre-headless libc6 libgcc-s1 libstdc++6 zlib1g
for package in *.deb; do
    dpkg -x "$package" root
    rm "$package"
done
rm -r apt
# The JVM and cpuinfo read features here; they must be those of qemu's -cpu cortex-a76.
mkdir -p root/proc
for core in 0 1; do
    printf 'processor\t: %s\nFeatures\t: %s\n' "$core" \
        "fp asimd aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"
    printf 'CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x4\n'
    printf 'CPU part\t: 0xd0b\nCPU revision\t: 1\n\n'
done > root/proc/cpuinfo

cat > java <<END
#!/bin/sh
exec qemu-aarch64-static -cpu cortex-a76 -L $PWD/root \\
    $PWD/root/usr/lib/jvm/java-17-openjdk-arm64/bin/java "\$@"
END
chmod +x java
