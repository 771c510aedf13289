"""The report: complete in one file, drawn in a real browser, readable on a phone."""

import json
import re
import shutil
import subprocess
from html import escape, unescape
from xml.etree import ElementTree

import pytest

from edgetext.cli import main
from edgetext.pages import charts
from edgetext.pages.pareto import front
from edgetext_bench.report import figures
from edgetext_bench.report.markdown import markdown
from edgetext_bench.report.page import page
from edgetext_bench.report.picture import groups, picture
from edgetext_bench.rows import AS_IS, read_rows

CHROMIUM = shutil.which("chromium")
PHONE = 360
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# A frame of a phone's width, since a window cannot be as narrow; what it finds becomes the page.
FRAME = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<iframe id="f" width="{width}" height="6000" style="border:0" srcdoc="{page}"></iframe>
<pre id="found"></pre><script>
const found = {{errors: []}};
const frame = document.getElementById("f");
frame.addEventListener("load", () => {{
  const inside = frame.contentDocument, w = frame.contentWindow;
  w.addEventListener("error", (e) => found.errors.push(String(e.message)));
  const table = inside.querySelector("table.sortable");
  const column = () => [...table.tBodies[0].rows].map((r) => r.cells[5].dataset.value);
  const button = table.tHead.rows[0].cells[5].querySelector("button");
  button.click(); found.up = column();
  button.click(); found.down = column();
  found.width = inside.documentElement.scrollWidth;
  found.marks = [...inside.querySelectorAll("svg")].map((svg) => {{
    const box = svg.getBoundingClientRect();
    return [box.width, box.height, svg.querySelectorAll(".mark").length];
  }});
  found.small = Math.min(...[...inside.querySelectorAll("svg text, td, li, p")]
    .map((e) => parseFloat(w.getComputedStyle(e).fontSize)
      * (e.ownerSVGElement ? e.ownerSVGElement.getBoundingClientRect().width / {width} : 1)));
  found.outside = [...inside.querySelectorAll("svg text")].filter((e) => {{
    const [a, b] = [e.getBoundingClientRect(), e.ownerSVGElement.getBoundingClientRect()];
    return a.left < b.left - 1 || a.right > b.right + 1;
  }}).map((e) => e.textContent);
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script>"""


def browsed(folder, *arguments):
    """What the browser printed. On a busy machine it may hang or end at its first start, so it is
    started once more, with a profile of its own."""
    for attempt in ("first", "second"):
        command = [CHROMIUM, *OPTIONS, f"--user-data-dir={folder}/{attempt}", *arguments]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            if attempt == "second":
                raise
    return None


@pytest.fixture(scope="module")
def html(measured):
    return page(read_rows(measured[0]))


def test_the_page_asks_for_nothing(html):
    assert not re.search(r"(?:src|href)=[\"'](?!data:,)", html)
    assert "http://" not in html and "https://" not in html and "@import" not in html


def test_every_contender_and_figure_is_in_it(html, measured):
    assert html.count("<svg") >= 5
    for name in ("joint-int8.onnx · onnxruntime", "joint.onnx · onnxruntime"):
        assert name in html
    for text in ("time ÷ first", "Robustness", "Time by operator", "Latency by length", "∝ length"):
        assert text in html
    for row in read_rows(measured[0]):
        assert row["file"]["sha256"] in html


def test_markdown_has_the_same_contenders(measured):
    text = markdown(read_rows(measured[0]))
    assert text.count("joint-int8.onnx · onnxruntime") >= 3 and "## By length" in text
    width = {line.count("|") for line in text.splitlines() if line.startswith("| joint")}
    assert len(width) >= 2


def test_the_command_writes_both_and_refuses_others(measured, tmp_path, capsys):
    results = str(measured[0])
    for name in ("a.html", "a.md"):
        assert main(["bench", "report", results, "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert main(["bench", "report", results, "-o", str(tmp_path / "a.pdf")]) == 2
    assert "a .html, a .md or a .svg file" in capsys.readouterr().err


def cell(name, runtime, p50, size, length=AS_IS):
    """A row of one latency."""
    return {
        "status": "ok",
        "cell": {"target": "server", "contender": name, "runtime": runtime, "kind": "latency",
                 "threads": 1, "batch": 1, "length": length},
        "measured": {"p50_us": p50},
        "file": {"name": name, "sha256": name + runtime, "bytes": size},
        "machine": {"id": "m"},
        "data": {"name": "a & b"},
        "note": "",
    }  # fmt: skip


def test_a_picture_has_each_file_beside_the_first_of_its_runtime():
    rows = [
        cell("old", "onnxruntime", 120.0, 400),
        cell("new", "onnxruntime", 60.0, 300),
        cell("old", "executorch", 200.0, 500),
        cell("new", "executorch", 150.0, 450),
        cell("peer", "other", 180.0, 600),
        cell("peer", "other", 90.0, 600, 32),
    ]
    found = {
        group.name: [round(bar.ratio, 3) for bar in group.bars]
        for group in groups(figures.numbered(rows))
    }
    # One that is alone in its runtime stands beside the first of all, and a figure of one file is
    # not drawn.
    assert found == {
        "texts of the data": [1, 0.5, 1, 0.75, 1.5],
        "bytes of the file": [1, 0.75, 1, 0.9, 1.5],
    }
    drawn = ElementTree.fromstring(picture(rows))
    words = "".join(drawn.itertext())
    assert "a & b" in words and "0.50 60 µs" in words and "5 peer · other" in words
    widths = [float(e.get("width")) for e in drawn.iter() if e.get("class") == "mark"]
    assert len(widths) == 10 and widths[1] == pytest.approx(widths[0] / 2, abs=0.1)


def test_the_command_draws_a_picture_and_says_when_there_is_none(measured, tmp_path, capsys):
    path, _ = measured
    assert main(["bench", "report", str(path), "-o", str(tmp_path / "r.svg")]) == 0
    drawn = ElementTree.parse(tmp_path / "r.svg").getroot()
    words = "".join(drawn.itertext())
    assert all(bytes_of in words for bytes_of in ("8 bytes", "16 bytes", "32 bytes"))
    lines = path.read_text("utf-8").splitlines()
    first = json.loads(lines[0])["file"]["sha256"]
    alone = [line for line in lines if json.loads(line)["file"]["sha256"] == first]
    (tmp_path / "alone.jsonl").write_text("".join(f"{line}\n" for line in alone), "utf-8")
    output = tmp_path / "alone.svg"
    assert main(["bench", "report", str(tmp_path / "alone.jsonl"), "-o", str(output)]) == 2
    assert "a picture compares files of one runtime" in capsys.readouterr().err
    assert not output.exists()


def test_names_of_files_cannot_break_the_page(measured):
    rows = read_rows(measured[0])
    for row in rows:
        row["cell"]["contender"] = "<script>alert(1)</script>"
    assert "<script>alert" not in page(rows)


def test_a_file_on_an_emulated_processor_is_drawn_once(measured):
    rows = read_rows(measured[0])
    kind = {"target": "arm64", "runtime": "onnxruntime, cortex-a53"}
    emulated = [
        {**row, "cell": {**row["cell"], **kind}}
        for row in rows
        if row["cell"]["kind"] == "quality" and row["cell"]["runtime"] == "onnxruntime"
    ]
    assert emulated
    before, after = (figures.numbered(x) for x in (rows, rows + emulated))
    assert len(after) == len(before) + len(emulated)
    quality = figures.quality_name(before)
    for x in ("latency", "size"):
        points = [[(m.x, m.y) for m in figures.marks(n, quality, x)[0]] for n in (before, after)]
        assert points[0] == points[1]


def test_a_front_holds_what_nothing_beats():
    points = [(1, 50), (2, 60), (3, 55), (4, 70), (2, 40)]
    assert front(points) == [(1, 50), (2, 60), (4, 70)]


@pytest.mark.parametrize("low, high", [(8, 512), (0.3, 0.5), (900, 1100), (1, 1e6)])
def test_axes_have_readable_ticks(low, high):
    for log in (True, False):
        axis = charts.Axis(low, high, 0, 300, log)
        ticks = axis.ticks()
        assert 2 <= len(ticks) <= 11
        assert all(low <= t <= high and 0 <= axis.place(t) <= 300 for t in ticks)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_draws_it_without_errors_at_a_phones_width(html, tmp_path):
    path = tmp_path / "frame.html"
    path.write_text(FRAME.format(width=PHONE, page=escape(html)), "utf-8")
    done = browsed(tmp_path, "--enable-logging=stderr", "--dump-dom", path.as_uri())
    assert "CONSOLE" not in done.stderr
    found = json.loads(unescape(re.search(r'<pre id="found">(.*?)</pre>', done.stdout)[1]))
    assert found["errors"] == []
    assert found["width"] <= PHONE
    assert len(found["marks"]) >= 5
    for width, height, marks in found["marks"]:
        assert width > 280 and height > 80 and marks >= 2
    assert found["small"] >= 9
    assert found["outside"] == []
    up = [float(x) for x in found["up"]]
    assert up == sorted(up) and found["down"] == found["up"][::-1]


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_screenshot_shows_ink(html, tmp_path):
    path, shot = tmp_path / "report.html", tmp_path / "report.png"
    path.write_text(html, "utf-8")
    browsed(tmp_path, f"--screenshot={shot}", "--window-size=1000,2000", path.as_uri())
    # A blank page of that size compresses to a few kB.
    assert shot.stat().st_size > 40_000
