"""Estimates follow their model, need both counts, and are named as estimates everywhere."""

import copy

import pytest

from edgetext_bench.devices import CORES, SHARES, estimate, estimates
from edgetext_bench.report.markdown import markdown
from edgetext_bench.report.page import page
from edgetext_bench.rows import Cell, cell_of, read_rows

WORK = {"int8_macs": 2e6, "fp32_macs": 1e5, "bytes": 1e5, "operators": 200}
BY_NAME = {core.name: core for core in CORES}


def test_every_figure_has_a_source():
    for core in CORES:
        assert len(core.sources) >= 2 and all(len(source) > 20 for source in core.sources)
        assert core.int8 >= core.fp32 and core.int8 % core.per_int8 in (0, core.int8)


def test_it_is_the_roofline_and_the_other_instructions():
    core = BY_NAME["cortex-a76"]
    found = estimate(core, WORK, 3e6)
    roofline = (2e6 / 32 + 1e5 / 8) / 2.4e3
    others = (3e6 - 2e6 / 16 - 1e5 / 4) / (2.4 * 4) / 1e3
    assert found.roofline == pytest.approx(roofline)
    assert found.low == pytest.approx(roofline + others / SHARES[1])
    assert found.high == pytest.approx(roofline + others / SHARES[0])
    assert estimate(core, {**WORK, "bytes": 1e9}, 3e6).roofline == pytest.approx(1e9 / 17.1 / 1e3)


def test_a_better_core_is_faster_and_more_work_is_slower():
    small, large = BY_NAME["cortex-a53"], BY_NAME["cortex-x1"]
    assert estimate(small, WORK, 3e6).low > 2 * estimate(large, WORK, 3e6).low
    assert estimate(large, WORK, 6e6).low > estimate(large, WORK, 3e6).low


@pytest.fixture
def counted(measured):
    """The measured rows with counts of two emulated processors for one file."""
    rows = read_rows(measured[0])
    work = next(row for row in rows if cell_of(row).kind == "work")
    for processor in ("cortex-a53", "cortex-a76"):
        row = copy.deepcopy(work)
        cell = Cell("arm64", row["cell"]["contender"], f"onnxruntime, {processor}", "instructions")
        row |= {"cell": cell.as_json(), "measured": {"instructions": 3_000_000}}
        rows.append(row)
    return rows


def test_only_what_was_counted_is_estimated(counted):
    found = list(estimates(counted))
    names = {cell_of(row).target for row in found}
    assert names == {f"estimate for cortex-{x}" for x in ("a53", "a55", "a76", "a78", "x1")}
    assert len({row["file"]["sha256"] for row in found}) == 1
    assert all(row["estimate"] is True for row in found)
    assert not any(name in row["measured"] for row in found for name in ("p50_us", "mean_us"))
    assert list(estimates([row for row in counted if cell_of(row).kind != "work"])) == []


def test_the_reports_call_them_estimates_and_keep_them_apart(counted):
    rows = [*counted, *estimates(counted)]
    assert markdown(rows).count("cortex-a76, estimate µs") == 1
    assert page(rows).count(">cortex-a76, estimate µs<") == 1
    assert "Estimates, not measurements" in page(rows)
    first = markdown(rows).split("##")[0]
    assert first == markdown(counted).split("##")[0]
