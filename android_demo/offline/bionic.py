"""The C library of Android as a shim over glibc, so that Android's .so files load on a desktop.

    bionic.py LIBRARIES OUT COMPILER

reads what the libraries in the folder LIBRARIES import from libc.so, libm.so, libdl.so and liblog
(version LIBC), and compiles libraries of those names into OUT. Nearly every function is a jump to
glibc's of the same name: both follow the same calling convention, and on 64-bit machines the
structs that cross the border have the same layout. The exceptions are written out in bionic.c.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("libc.so", "libm.so", "libdl.so", "liblog.so", "libandroid.so")
# Data, not functions; bionic.c defines them.
DATA = {"stderr", "stdout", "stdin", "__sF", "environ"}
TRAMPOLINE = {
    "x86_64": "jmp *slot_{name}(%rip)",
    "aarch64": "adrp x16, slot_{name}; ldr x16, [x16, :lo12:slot_{name}]; br x16",
}
MACHINES = {"Advanced Micro Devices X86-64": "x86_64", "AArch64": "aarch64"}


def imported(library: Path) -> dict[str, str]:
    """name -> version of what a library wants from outside, without what C++ mangled."""
    lines = run("nm", "-D", "--undefined-only", str(library)).splitlines()
    pairs = [line.split()[-1].partition("@")[::2] for line in lines]
    return {name: version for name, version in pairs if not name.startswith("_Z")}


def exported(library: Path) -> set[str]:
    lines = run("nm", "-D", "--defined-only", str(library)).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines}


def machine(library: Path) -> str:
    header = run("readelf", "-h", str(library))
    return next(short for long, short in MACHINES.items() if long in header)


def written_out() -> set[str]:
    """The functions that bionic.c defines."""
    return set(re.findall(r"^BIONIC\((\w+)\)", (HERE / "bionic.c").read_text(), re.MULTILINE))


def version_script(wanted: dict[str, str]) -> str:
    """bionic's base version is LIBC; LIBC_N and the like hold what came later."""
    later = sorted(set(wanted.values()) - {"", "LIBC"})
    lines = ["LIBC { global: *; };"]
    for version in later:
        names = "; ".join(name for name in sorted(wanted) if wanted[name] == version)
        lines.append(f"{version} {{ global: {names}; }} LIBC;")
    return "\n".join(lines) + "\n"


def trampolines(names: list[str], jump: str) -> str:
    lines = ["#include <dlfcn.h>", "#include <stddef.h>"]
    for name in names:
        code = jump.format(name=name)
        lines.append(f'void *slot_{name} __attribute__((visibility("hidden")));')
        lines.append(
            f'__asm__(".text\\n.globl {name}\\n.type {name}, %function\\n'
            + f"{name}:\\n"
            + "\\n".join(part.strip() for part in code.split(";"))
            + f'\\n.size {name}, .-{name}\\n");'
        )
    lines.append("void unknown_function(void);")
    lines.append('__attribute__((visibility("hidden"))) void fill_slots(void *c, void *m) {')
    for name in names:
        lines.append(
            f'  if (!(slot_{name} = dlsym(c, "{name}")) && !(slot_{name} = dlsym(m, "{name}")))'
            f" slot_{name} = (void *)unknown_function;"
        )
    lines.append("}")
    return "\n".join(lines) + "\n"


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(libraries: Path, out: Path, compiler: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(libraries.glob("*.so"))
    wanted: dict[str, str] = {}
    given: set[str] = set()
    for file in files:
        wanted |= imported(file)
        given |= exported(file)
    forwarded = sorted(set(wanted) - given - written_out() - DATA)
    source = out / "trampolines.c"
    source.write_text(trampolines(forwarded, TRAMPOLINE[machine(files[0])]))
    versions = out / "bionic.map"
    versions.write_text(version_script(wanted))
    command = [compiler, "-O1", "-fPIC", "-shared", "-w", "-Wl,-soname,libc.so"]
    command += [f"-Wl,--version-script={versions}", "-o", str(out / "libc.so")]
    subprocess.run([*command, str(HERE / "bionic.c"), str(source), "-ldl", "-lpthread"], check=True)
    deepbind = [str(HERE / "deepbind.c"), "-o", str(out / "libdeepbind.so")]
    subprocess.run([compiler, "-O1", "-fPIC", "-shared", *deepbind], check=True)
    empty = out / "empty.c"
    empty.write_text("")
    for name in NAMES[1:]:
        command = [compiler, "-shared", "-nostdlib", f"-Wl,-soname,{name}"]
        subprocess.run([*command, "-o", str(out / name), str(empty)], check=True)
    summary = f"{len(forwarded)} functions go to glibc, {len(written_out())} are written out\n"
    sys.stderr.write(summary)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
