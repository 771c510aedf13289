"""Estimates of an answer's time on cores that are not here. An estimate is no measurement, and says
so wherever it appears.

The model: the matrix products run at the core's peak or at its memory's, whichever is slower (the
roofline of Williams et al. 2009); everything else, which is most of a small network's time, is the
instructions that an emulated processor counted, less those of the products, at a share of the
core's decode width. That share was measured on one server core; the estimate is given from the
highest share to the lowest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from edgetext_bench.rows import Cell, Row, cell_of, make_row

# Instructions a cycle ÷ decode width. On a Zen 5 core at 4.37 GHz (a loop of one dependent
# subtraction a cycle) an answer of an untrained int8 network of the SNIPS student's size took
# 113 µs in ONNX Runtime and 100 µs in ExecuTorch, and 1.89 M and 1.88 M instructions on an emulated
# x86 processor without AVX-512: 0.48 and 0.54 of 8, if anything too high, for the count then had
# the packing of answers for a pipe in it. One machine, two files: the range is wide for that
# reason, and in-order cores reach less.
SHARES = (0.30, 0.55)
PREFIX = "estimate for "


@dataclass(frozen=True, slots=True)
class Core:
    """A core in a chip that carries it.

    clock: GHz. width: instructions decoded in a cycle. fp32, int8: multiply-adds of 4 × float32 and
    of one int8 instruction, times how many start in a cycle. per_fp32, per_int8: multiply-adds in
    one such instruction. bandwidth: GB/s of the whole chip's memory. counted: the emulated
    processor whose instructions stand for this core's. sources: where each figure is from.
    """

    name: str
    chip: str
    clock: float
    width: int
    fp32: float
    int8: float
    per_int8: int
    bandwidth: float
    counted: str
    sources: tuple[str, ...]
    per_fp32: int = 4


# llvm-mca gives the reciprocal throughput of 16 independent `fmla v.4s`, `sdot v.4s`, `smmla v.4s`
# or `smlal v.8h`: llvm-mca-22 -mtriple=aarch64 -mattr=+dotprod,+i8mm -mcpu=CORE. LLVM models the
# A76 and A78 by an older core; Arm's guide for the Neoverse N1, their server twin, stands for them.
_MCA = "LLVM 22's scheduling model (llvm-mca -mcpu={})"
_PI3 = "Raspberry Pi 3 B+: BCM2837B0, 1.4 GHz, LPDDR2 at 900 MT/s (The Official Raspberry Pi \
Beginner's Guide, 2018), 32 bits wide"
_PI5 = "Raspberry Pi 5: BCM2712, 2.4 GHz, 32-bit LPDDR4X-4267 (circuitdigest.com, 2023)"
_SD888 = "Snapdragon 888: 1 X1 at 2.84, 3 A78 at 2.42, 4 A55 at 1.8 GHz (techwarrant.com, 2020); \
LPDDR5-3200, 51.2 GB/s (geektopia.es, 2020)"
_X1 = "AnandTech 15813 (2020): X1 decodes 5, A78 decodes 4, X1 has twice the NEON units"
CORES = (
    Core(
        "cortex-a53", "Raspberry Pi 3 B+", 1.4, 2, 4, 8, 8, 3.6, "cortex-a53",
        (_PI3, _MCA.format("cortex-a53") + ": width 2, fmla 1 and smlal 1 a cycle"),
    ),
    Core(
        "cortex-a55", "Snapdragon 888", 1.8, 2, 4, 16, 16, 51.2, "cortex-a76",
        (_SD888, _MCA.format("cortex-a55") + ": width 2, sdot 1 a cycle; fmla likewise, a 128-bit "
         "operation taking both 64-bit pipes"),
    ),
    Core(
        "cortex-a76", "Raspberry Pi 5", 2.4, 4, 8, 32, 16, 17.1, "cortex-a76",
        (_PI5, _MCA.format("neoverse-n1") + ": fmla 2 and sdot 2 a cycle",
         "techarx.com (2024): the A76 decodes 4"),
    ),
    Core(
        "cortex-a78", "Snapdragon 888", 2.42, 4, 8, 32, 16, 51.2, "cortex-a76",
        (_SD888, _X1, _MCA.format("neoverse-n1") + ": fmla 2 and sdot 2 a cycle"),
    ),
    Core(
        "cortex-x1", "Snapdragon 888", 2.84, 5, 16, 64, 16, 51.2, "cortex-a76",
        (_SD888, _X1, _MCA.format("cortex-x1") + ": fmla 4 and sdot 4 a cycle"),
    ),
    Core(
        "neoverse-v1", "AWS Graviton3", 2.6, 5, 16, 128, 32, 307.2, "max",
        ("WikiChip, AWS Graviton3: 2.6 GHz, 307.2 GB/s", _X1 + " (the V1 is the X1's server twin)",
         _MCA.format("neoverse-v1") + ": fmla 4 and smmla 4 a cycle"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """Microseconds: the products and memory (roofline), and the whole from the highest of SHARES
    (low) to the lowest (high)."""

    roofline: float
    low: float
    high: float


def estimate(core: Core, work: dict[str, Any], instructions: float) -> Estimate:
    """work: as timing.work counts it; instructions: of one answer on `core.counted`."""
    products = work["int8_macs"] / core.per_int8 + work["fp32_macs"] / core.per_fp32
    # GHz are cycles a nanosecond, GB/s bytes a nanosecond.
    compute = (work["int8_macs"] / core.int8 + work["fp32_macs"] / core.fp32) / core.clock
    roofline = max(compute, work["bytes"] / core.bandwidth) / 1e3
    others = max(0.0, instructions - products) / (core.clock * core.width) / 1e3
    slow, fast = SHARES
    return Estimate(roofline, roofline + others / fast, roofline + others / slow)


def estimates(rows: Sequence[Row]) -> Iterator[Row]:
    """A row for every core and file whose work and instructions are among the rows."""
    done = [row for row in rows if row["status"] == "ok"]
    counted = {
        (row["file"].get("sha256"), processor): row["measured"]["instructions"]
        for row in done
        if (cell := cell_of(row)).kind == "instructions"
        for processor in [cell.runtime.rpartition(", ")[2]]
    }
    for row in done:
        cell = cell_of(row)
        if cell.kind != "work":
            continue
        for core in CORES:
            found = counted.get((row["file"].get("sha256"), core.counted))
            if found is not None:
                yield _row(row, cell, core, estimate(core, row["measured"], found), found)


def _row(row: Row, cell: Cell, core: Core, estimate: Estimate, instructions: float) -> Row:
    figures = {
        "low_us": round(estimate.low, 1),
        "high_us": round(estimate.high, 1),
        "roofline_us": round(estimate.roofline, 1),
        "instructions": instructions,
        "counted_on": core.counted,
    }
    machine = {
        "id": PREFIX + core.name,
        "system": "estimate, not measured",
        "cpu": f"{core.name} in {core.chip}, {core.clock:g} GHz",
        "architecture": "aarch64",
        "cores": 1,
        "flags": [],
        "sources": list(core.sources),
    }
    common = {name: row[name] for name in ("data", "versions", "settings", "run")}
    target = Cell(PREFIX + core.name, cell.contender, cell.runtime, "estimate")
    made_row = make_row(target, row["file"], {**common, "machine": machine}, figures)
    return {**made_row, "estimate": True}
