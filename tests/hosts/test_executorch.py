"""Files that the installed ExecuTorch wrote, in newer releases: in Python, and in C++ without
PyTorch.

`make check-all` installs them; the wheel is large.
"""

import re
from pathlib import Path

import pytest
from releases import host_of

from edgetext.conformance.reference import reference
from edgetext.core.errors import EdgetextError
from edgetext_bench.hosts.matrix import verdict_of
from edgetext_bench.hosts.verdict import EQUAL
from edgetext_bench.runtimes.executorch import native
from edgetext_bench.runtimes.executorch.runtime import RUNTIME

NEWER = RUNTIME.releases[1:]


@pytest.mark.slow
@pytest.mark.parametrize("runtime", ["executorch", "executorch-cpp"])
@pytest.mark.parametrize("name", ["joint", "int8"])
@pytest.mark.parametrize("release", NEWER)
def test_a_newer_release_answers_as_the_checkpoint(release, name, runtime, texts, request):
    files = request.getfixturevalue(f"{name}_files")
    host = host_of(release, runtime)
    truth = reference(files.pt, 0, texts)
    verdict = verdict_of(host.ways[""], files.pte, truth)
    assert verdict.status == EQUAL, verdict.words
    assert verdict.total == len(truth.questions)


def test_the_makefile_installs_every_newer_release():
    text = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
    (listed,) = re.findall(r"^EXECUTORCH_HOSTS := .*?,([\d. ]+)\)", text, re.MULTILINE)
    assert listed.split() == list(NEWER) and NEWER[-1] == native.RELEASE


def test_a_host_in_c_says_what_it_lacks(tmp_path, monkeypatch):
    (host,) = native.native_hosts(tmp_path)
    assert host.missing.startswith("not installed: pip install --no-deps --target ")
    library = tmp_path / f"executorch-{native.RELEASE}/executorch/lib/libexecutorch.so"
    library.parent.mkdir(parents=True)
    library.touch()
    (host,) = native.native_hosts(tmp_path)
    if not host.missing:
        with pytest.raises(EdgetextError, match=r"worker\.cpp: .* cannot build it: "):
            native.built(library.parents[2])
        assert [path.name for path in library.parents[2].iterdir()] == ["executorch"]
    monkeypatch.setenv("PATH", str(tmp_path))
    (host,) = native.native_hosts(tmp_path)
    assert host.missing == "no C++ compiler: install g++"
