"""Each runtime of a folder is one of the package's targets."""

import pytest

from edgetext.targets import catalog
from edgetext_bench.runtimes.known import runtime_of, runtimes


def test_each_is_a_target_with_files_a_worker_and_releases():
    for runtime in runtimes():
        target = catalog.target_named(runtime.name)
        assert runtime.suffixes == tuple(form.suffix for form in target.formats)
        assert runtime.worker.is_file()
        numbers = [tuple(map(int, release.split("."))) for release in runtime.releases]
        oldest = tuple(map(int, target.releases.oldest.split(".")))
        assert numbers == sorted(numbers) and numbers[0] >= oldest


def test_they_come_in_the_order_of_their_files():
    suffixes = [suffix for runtime in runtimes() for suffix in runtime.suffixes]
    assert suffixes == [suffix for suffix in catalog.formats() if suffix in suffixes]


@pytest.mark.parametrize(
    ("suffix", "name"),
    [(".onnx", "onnxruntime"), (".pte", "executorch"), (".pt", None), (".x", None)],
)
def test_a_file_is_measured_in_its_own_runtime(suffix, name):
    runtime = runtime_of(suffix)
    assert (runtime and runtime.name) == name
    assert runtime is None or runtime.way == name


def test_a_worker_that_knows_levels_is_asked_at_each():
    ways = {runtime.name: list(runtime.ask(["python"], {})) for runtime in runtimes()}
    assert ways == {"onnxruntime": ["none", "default"], "executorch": [""]}
