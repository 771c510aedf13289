"""Parts made by the workers of a Ray cluster, through Ray Data.

One task reads the files, on the machine that `label` runs on, and gives a block a chunk; actors
with a model each make parts of these; the parts come back to `label`, which keeps them. Thus only
that machine needs the files, and an actor gets the model's bytes.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.core.ray_cluster import cluster
from edgetext.core.user_modules import load_user_module, user_files
from edgetext.labeling.job import Answerer, Job
from edgetext.labeling.processes import Part

_NUMBER, _ROWS, _CONTENT = "number", "rows", "content"
# Bytes of a block: less than a chunk has, so that each is a block, and so work for any actor.
_BLOCK = 1


def in_ray(job: Job, done: Collection[int], workers: int) -> Iterator[Part]:
    """Give the parts that are not done as they are ready, made by up to so many actors.

    The cluster is the one of RAY_ADDRESS, or the one of this machine, or one that is started for
    the run. EdgetextError where Ray is not installed, or an actor fails.
    """
    ray = _ray()
    with cluster(ray, workers):
        try:
            for batch in _parts(ray, job, done, workers):
                for row in batch.to_pylist():
                    yield row[_NUMBER], row[_ROWS], row[_CONTENT]
        except ray.exceptions.RayError as error:
            cause = getattr(error, "cause", None) or error
            lines = [line for line in str(cause).splitlines() if line.strip()] or [repr(cause)]
            raise EdgetextError(
                f"Ray could not go on ({lines[-1].strip()}); finished parts are kept, and the same "
                "command goes on"
            ) from error


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise EdgetextError(
            "`--on ray` needs Ray Data, which is not installed; `pip install 'edgetext[ray]'`"
        ) from error
    return ray


def _parts(ray: Any, job: Job, done: Collection[int], workers: int) -> Iterator[Any]:
    """The parts as rows of pyarrow.Tables."""
    from ray.data.block import BlockMetadata

    class Chunks(ray.data.Datasource):  # type: ignore[misc]
        """The chunks that are not done, read by one task."""

        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[Any]:
            metadata = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None)
            return [ray.data.ReadTask(lambda: _blocks(job, done), metadata)]

        def estimate_inmemory_data_size(self) -> None:
            return None

    here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
    with _small_blocks(ray):
        chunks = ray.data.read_datasource(Chunks(), num_cpus=0, label_selector=here)
        parts = chunks.map_batches(
            _Actor,
            batch_size=1,
            batch_format="pandas",
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers),
            fn_constructor_args=(job, read_bytes(job.question.model), user_files()),
        )
        yield from parts.iter_batches(batch_size=None, batch_format="pyarrow")


@contextlib.contextmanager
def _small_blocks(ray: Any) -> Iterator[None]:
    """Let each chunk be a block, and Ray Data say nothing, while the block runs."""
    context = ray.data.DataContext.get_current()
    log = logging.getLogger("ray.data")
    before = context.target_max_block_size, context.enable_progress_bars, log.level
    context.target_max_block_size, context.enable_progress_bars = _BLOCK, False
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        context.target_max_block_size, context.enable_progress_bars = before[:2]
        log.setLevel(before[2])


def _blocks(job: Job, done: Collection[int]) -> Iterator[Any]:
    import pandas

    for number, chunk in enumerate(job.source.chunks()):
        if number not in done:
            yield pandas.DataFrame({_NUMBER: [number], _ROWS: [chunk.count], _CONTENT: [chunk]})


class _Actor:
    """Makes parts by a model of its own."""

    def __init__(self, job: Job, model: bytes, modules: list[str]) -> None:
        for module in modules:
            load_user_module(module)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / job.question.model.name
            path.write_bytes(model)
            predictor = replace(job.question, model=path).load()
        self.answerer = Answerer(job, predictor)

    def __call__(self, chunk: Any) -> Any:
        import pyarrow

        ((number, rows, content),) = chunk.itertuples(index=False)
        part = pyarrow.array([self.answerer.part(content)], pyarrow.large_binary())
        return pyarrow.table({_NUMBER: [number], _ROWS: [rows], _CONTENT: part})
